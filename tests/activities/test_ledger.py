"""The response ledger: every contribution has a line, every answer is a row that stays, everyone learns."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from commons.activities import ledger
from commons.activities.models import Contribution, Disposition
from commons.audit.models import Event
from commons.comments import writing

Standing = Contribution.Standing


@pytest.fixture
def line(discussion, asha) -> Contribution:
    return writing.write(discussion, asha, "Serve eggs twice a week.").contribution


def test_a_comment_opens_a_line_with_a_reference(line, asha, discussion):
    assert (line.person, line.activity_id, line.kind, line.excerpt) == (
        asha,
        discussion.pk,
        "comment",
        "Serve eggs twice a week.",
    )
    assert len(line.reference) == 13
    line.refresh_from_db()
    assert line.path == f"/comments/{line.comment.pk}/"


@pytest.mark.parametrize(
    ("answer", "field"),
    [
        ({"standing": Standing.NOT_ADOPTED, "words": "No money."}, "reason"),
        ({"standing": Standing.NOT_ADOPTED, "reason": "cost"}, "words"),
        ({"standing": Standing.UNDER_STUDY}, "due"),
        ({"standing": Standing.REFERRED}, "referred_to"),
    ],
)
def test_an_answer_that_lacks_something_is_refused_beside_the_field(line, meera, answer, field):
    with pytest.raises(ValidationError) as refused:
        ledger.dispose([line], by=meera, **answer)

    assert list(refused.value.message_dict) == [field]
    assert not Disposition.objects.exists()


def test_the_database_refuses_a_no_without_a_reason(line, meera):
    with pytest.raises(IntegrityError), transaction.atomic():
        Disposition.objects.create(contribution=line, activity=line.activity, standing=Standing.NOT_ADOPTED, by=meera)


def test_a_selection_is_answered_at_once_and_each_author_is_told(discussion, asha, bilal, meera):
    lines = [writing.write(discussion, who, f"{who} says so.").contribution for who in (asha, bilal)]
    Event.objects.all().delete()

    rows = ledger.dispose(
        lines, by=meera, standing=Standing.UNDER_STUDY, due=date(2027, 3, 12), words="We count first."
    )

    assert set(Contribution.objects.values_list("standing", flat=True)) == {Standing.UNDER_STUDY}
    assert sorted(Event.objects.values_list("name", "target_id")) == sorted(("disposed", row.pk) for row in rows)


def test_a_changed_mind_is_a_new_row(line, meera):
    ledger.dispose([line], by=meera, standing=Standing.READ)
    ledger.dispose([line], by=meera, standing=Standing.ADOPTED, words="From April.")

    line.refresh_from_db()
    assert line.standing == Standing.ADOPTED
    assert [row.standing for row in line.dispositions.all()] == [Standing.ADOPTED, Standing.READ]


@pytest.mark.parametrize("tamper", [lambda rows: rows.update(words="We never said that."), lambda rows: rows.delete()])
def test_the_ledger_cannot_be_rewritten(line, meera, tamper):
    ledger.dispose([line], by=meera, standing=Standing.READ, words="Read.")

    with pytest.raises(Exception, match="Cannot update or delete"), transaction.atomic():
        tamper(Disposition.objects.all())
    assert Disposition.objects.get().words == "Read."
