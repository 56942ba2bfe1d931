"""Responses that a rule or a reader doubts: they come before moderators like every other text, and are counted all the same."""

import pytest
from django.test import Client
from django.utils import timezone

from commons.activities.counters import find_drift
from commons.directory.models import Post
from consultations import responding
from consultations.models import Clause
from mygov.moderation import bulk, deciding, rules
from mygov.moderation.models import Case
from mygov.moderation.queue import Queue
from mygov.notifications import telling
from mygov.notifications.models import Notification

pytestmark = pytest.mark.django_db
LINKS = "See https://a.example.org https://b.example.org https://c.example.org"


@pytest.fixture
def held(asha, answer):
    type(asha).objects.update(joined_at=timezone.now())
    return answer(type(asha).objects.get(pk=asha.pk), stance="ask", body=LINKS)


def counts(clause):
    row = Clause.objects.get(pk=clause)
    return row.support_count, row.amend_count, row.oppose_count, row.ask_count


def whole(consultation, who, **typed):
    fields = {"by": "person", "organisation": "", "interest": "", "body": "Please begin in July.", **typed}
    return responding.submit(consultation, who, **fields)


def test_what_the_rules_hold_waits_in_the_queue_and_shows_when_it_is_approved(held, client, mod, label):
    case = held.case
    assert (held.state, case.kind, case.findings[0]["rule"], counts(label("3"))) == (
        "held",
        "annotation",
        "links",
        (0, 0, 0, 0),
    )
    client.force_login(mod)
    rows = client.get("/moderation/", {"kind": "annotation"}).context["rows"]
    assert [row.pk for row in rows] == [case.pk]
    page = client.get(f"/moderation/{case.pk}/").content.decode()
    assert "Response to a clause" in page
    assert "https://a.example.org" in page
    assert "The clause it answers" in page

    client.post(f"/moderation/{case.pk}/decision/", {"what": "approve", "seen": 0})

    held.refresh_from_db()
    assert (held.state, held.state_words, counts(label("3"))) == ("visible", "", (0, 0, 0, 1))
    assert find_drift() == []


def test_its_author_reads_why_it_is_hidden_and_appeals(held, client, asha, mod, consultation, label):
    made = deciding.decide(held.case, mod, "hide", seen=0, reason="spam", words="It advertises.")
    telling.expand()
    told = Notification.objects.get(person=asha, event="hidden")
    assert (told.path, told.values["words"]) == (f"/moderation/decisions/{made.pk}/", "It advertises.")
    where = f"{consultation.get_absolute_url()}clauses/{label('3(1)')}/"
    client.force_login(asha)
    assert "It advertises." in client.get(where).content.decode()
    assert "It advertises." not in Client().get(where).content.decode()
    page = client.get(told.path).content.decode()
    assert "Why your response was hidden" in page
    assert held.contribution.reference in page
    assert client.post(f"{told.path}appeal/", {"words": "These are the rules I quote."}).status_code == 302
    case = Case.objects.get(annotation=held)
    assert (case.closed_at, case.decisions.first().appeal.words) == (None, "These are the rules I quote.")


def test_nobody_shows_by_an_edit_what_is_hidden(held, asha, mod, answer):
    deciding.decide(held.case, mod, "hide", seen=0, reason="spam", words="It advertises.")

    again = answer(asha, stance="ask", body="When do these rules come into force?")

    assert (again.pk, again.state, Case.objects.get(annotation=held).closed_at) == (held.pk, "held", None)


def test_whoever_takes_it_back_leaves_no_case_behind(held, asha):
    responding.take_back(held, asha)
    case = Case.objects.get(annotation=held)
    assert (case.closed_at is not None, case.standing) == (True, "gone")


def test_a_reader_reports_a_response_and_hears_what_became_of_it(client, bilal, asha, answer, mod):
    row = answer(asha, stance="oppose", body="It is the fault of those people.")
    client.force_login(bilal)
    assert client.get(f"/moderation/responses/{row.pk}/report/").status_code == 200
    client.post(f"/moderation/responses/{row.pk}/report/", {"reason": "offence", "words": ""})
    case = row.case
    assert (case.report_count, case.reason, case.standing) == (1, "offence", "shown")

    deciding.decide(case, mod, "hide", seen=0, reason="offence")
    telling.expand()

    assert Notification.objects.get(person=bilal).event == "report upheld"


def test_a_response_to_the_whole_is_reported_and_hidden_and_a_confidential_one_is_nobodys_business(
    client, consultation, asha, bilal, mod
):
    open_one, secret = whole(consultation, asha), whole(consultation, bilal, confidential=True, body=LINKS)
    client.force_login(mod)
    assert client.get(f"/moderation/submissions/{secret.pk}/report/").status_code == 404
    assert secret.state == "visible"
    client.post(f"/moderation/submissions/{open_one.pk}/report/", {"reason": "spam", "words": ""})
    before = consultation.__class__.objects.get(pk=consultation.pk).participant_count

    deciding.decide(open_one.case, mod, "hide", seen=0, reason="spam")

    open_one.refresh_from_db()
    assert (open_one.state, consultation.__class__.objects.get(pk=consultation.pk).participant_count) == (
        "hidden", before - 1,
    )  # fmt: skip
    assert find_drift() == []


def test_many_at_once_and_back_again(held, mod, answer, bilal, label):
    queue = Queue.read(mod, {"kind": "annotation"})
    drawn = bulk.draw_up(queue, mod, "approve")
    bulk.confirm(drawn, mod)
    bulk.work(drawn.pk)
    held.refresh_from_db()
    assert (held.state, counts(label("3"))) == ("visible", (0, 0, 0, 1))

    drawn.refresh_from_db()
    bulk.undo(drawn, mod)
    bulk.work(drawn.pk)

    held.refresh_from_db()
    assert (held.state, held.case.closed_at, counts(label("3"))) == ("held", None, (0, 0, 0, 0))


def test_officials_of_the_ministry_do_not_hide_alone_what_is_said_of_their_draft(held, meera, education):
    Post.objects.create(person=meera, institution=education, role=Post.Role.MODERATOR)
    assert Case.objects.moderated_by(meera).get() == held.case
    assert rules.options(meera, held.case) == ["approve", "ask", "escalate"]
