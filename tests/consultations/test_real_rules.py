"""The whole way of nine published rules: brought in, answered, revised, split, decided, and everybody answered."""

import json
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from commons.activities import lifecycle
from commons.activities.models import Activity, Contribution, Disposition
from consultations import drafting, matrix, outline
from consultations.models import Annotation, Consultation, MatrixRow, Placement
from mygov.notifications import telling
from mygov.notifications.models import Notification
from tests.cast import person
from tests.consultations.conftest import both
from tests.consultations.test_outline import REAL

pytestmark = [
    pytest.mark.real_data,
    pytest.mark.skipif(not REAL.exists(), reason="the published rules are not beside the checkout"),
]

SAID = [
    ("2(1)(d)", {"stance": "ask", "body": "Does rule 11 come into force at the same time?"}),
    ("3(c)(i)", {"stance": "amend", "exact": "comparable to that with which", "proposed": "the same as that with which"}),
    ("5(2)(c)(ii)", {"stance": "oppose", "body": "The funds of local bodies should not be in here at all."}),
    ("8(2)", {"stance": "amend", "exact": "forty-eight hours", "proposed": "seven days", "body": "Two days are too short."}),
    ("6(1)(e)", {"stance": "support", "exact": "for a period of one year"}),
]  # fmt: skip


def test_nine_rules_from_the_gazette_to_the_last_answer(education, meera, arjun, capsys):
    call_command("import_draft", str(REAL), "--institution", "education")
    counts = json.loads(capsys.readouterr().out.strip().splitlines()[-1])
    assert (counts["read"], counts["created"], counts["left_out"]) == (71, 71, 2)
    law = Consultation.objects.get(slug=counts["consultation"])
    law.note, law.summary, law.promise = both("What it means."), both("Nine rules."), both("We answer.")
    law.title, law.closes_at = both("Data protection rules"), timezone.now() + timedelta(days=45)
    lifecycle.write(law, meera)
    lifecycle.submit_for_review(law, meera)
    lifecycle.publish(law, arjun)
    first = law.drafts.get()
    people = [person(f"citizen{n}") for n in range(6)]
    for by in people:
        browser = Client()
        browser.force_login(by)
        for label, said in SAID:
            clause = first.wordings.get(label=label).clause_id
            url = f"{law.get_absolute_url()}clauses/{clause}/response/"
            sent = {"exact": "", "proposed": "", "body": "", **said}
            assert browser.post(url, sent).status_code == 302, label
    assert Annotation.objects.count() == 30
    Activity.objects.update(opens_at=timezone.now() - timedelta(days=45), closes_at=timezone.now())
    law = Consultation.objects.get(pk=law.pk)

    text = drafting.as_markdown(first)
    text = text.replace("as specified in rule 10 or 11", "as specified in rule 10 or rule 11").replace(
        "the fund or funds of such authority", "the fund of such authority"
    )
    notice = first.wordings.get(label="8(2)")
    moved = f"(2) {notice.source} {{#c{notice.clause_id}}}\n\n"
    assert moved in text
    text = text.replace(moved, "").replace(
        "## 9. Contact", f"## 8A. Notice before erasure\n\n{notice.source}\n\n## 9. Contact"
    )
    proposal = drafting.propose(law, outline.read(text))
    assert proposal.counts["removed"] == 1
    drafting.bring_in(law, meera, proposal, stage="revised")

    for label in ("2", "3", "5", "6", "8"):
        root = first.wordings.get(label=label).clause_id
        row = MatrixRow(
            consultation=law,
            clause_id=root,
            summary=both("Said."),
            response=both(f"About rule {label}."),
            decision="in_part",
        )
        matrix.write_row(row, meera)
    matrix.publish(law, arjun)
    assert matrix.tell_all() == 30
    revised = law.drafts.select_related("consultation").get(number=2)
    drafting.publish(revised, arjun)

    assert Disposition.objects.count() == Contribution.objects.exclude(standing="received").count() == 30
    placed = {row.annotation_id: row for row in Placement.objects.all()}
    assert len(placed) == 30
    split = revised.wordings.get(label="8A").clause_id
    went = {placed[row.pk].clause_id for row in Annotation.objects.filter(clause=notice.clause_id)}
    assert went == {split}
    while telling.expand() == 100:
        pass
    told = Notification.objects.filter(event="disposed").values_list("person", flat=True).distinct()
    assert set(told) == {by.pk for by in people}
    for by in people:
        browser = Client()
        browser.force_login(by)
        impact = browser.get("/impact/mine/").content.decode()
        assert all(f"About rule {label}." in impact for label in ("2", "3", "5", "6", "8"))
        assert (
            "your comment on 8(2) is now at 8A" in browser.get(f"{law.get_absolute_url()}responses/").content.decode()
        )

    again = drafting.propose(law, outline.read(drafting.as_markdown(revised)))
    assert {match.how for match in again.matches} == {"id"}
    drafting.bring_in(law, meera, again, stage="final")
    drafting.publish(law.drafts.select_related("consultation").get(number=3), arjun)
    for label, _said in SAID:
        clause = first.wordings.get(label=label)
        page = Client().get(f"{law.get_absolute_url()}clauses/{clause.clause_id}/?version=1")
        assert page.context["here"].label == label
        assert clause.number in page.content.decode()
    changes = f"{law.get_absolute_url()}changes/"
    page = Client().get(changes)
    changed = {side["root"].label for side in page.context["sides"]}
    assert changed == {"2", "5", "8", "8A"}
    assert "Notice before erasure" in page.content.decode()
    assert "<ins>" in page.content.decode()
    assert Client().get(f"{changes}?from=2&to=3").context["sides"] == []
    assert Client().get(f"{law.get_absolute_url()}matrix/").content.decode().count("matrix-row") == 5
