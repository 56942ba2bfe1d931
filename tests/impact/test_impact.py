"""What became of what citizens said: one's own, everybody's by institution, one by its number."""

from datetime import timedelta

import pytest
from django.utils import timezone

from commons.activities import ledger
from commons.activities.models import Contribution
from commons.comments import moderating, writing


@pytest.fixture
def answered(discussion, asha, meera):
    comment = writing.write(discussion, asha, "Serve eggs twice a week.")
    ledger.dispose(
        [comment.contribution], by=meera, standing="not_adopted", reason="cost", words="There is no money before 2028."
    )
    return comment


def test_one_finds_what_became_of_everything_one_said(answered, asha, client):
    client.force_login(asha)

    page = client.get("/impact/mine/").content.decode()

    for words in [
        "Not adopted",
        "Cannot be paid for now.",
        "There is no money before 2028.",
        "Serve eggs twice a week.",
    ]:
        assert words in page
    assert answered.contribution.reference in page


def test_a_mails_link_finds_its_row_however_much_was_said_since(discussion, asha, bilal, client):
    client.force_login(asha)
    old, anothers = (Contribution.objects.create(activity=discussion, person=by, kind="comment", excerpt="Old", language="en")
                     for by in (asha, bilal))  # fmt: skip
    for n in range(25):
        Contribution.objects.create(activity=discussion, person=asha, kind="comment", excerpt=f"New {n}", language="en")

    assert f'id="{old.reference}"' not in client.get("/impact/mine/").content.decode()
    linked = client.get("/impact/mine/", {"reference": old.reference}).content.decode()
    assert f'id="{old.reference}"' in linked
    assert "Show everything" in linked
    for nothing in (anothers.reference, "made up", "\u0967"):
        assert "New 24" in client.get("/impact/mine/", {"reference": nothing}).content.decode()


def test_nobody_sees_anothers(answered, bilal, client):
    client.force_login(bilal)

    assert "Serve eggs" not in client.get("/impact/mine/").content.decode()


def test_whoever_is_not_signed_in_is_asked_to(client, db):
    assert client.get("/impact/mine/")["Location"] == "/accounts/login/?next=%2Fimpact%2Fmine%2F"


def test_a_reference_is_looked_up_without_signing_in_and_shows_no_person(answered, client):
    reference = answered.contribution.reference

    page = client.get("/track/", {"reference": reference.lower().replace("-", " ")}).content.decode()

    assert "There is no money before 2028." in page
    assert "Asha" not in page
    assert "Serve eggs" not in page


@pytest.mark.parametrize("typed", ["ABCD-EFGH-JKM", "x", "9" * 500, "ก", "' OR 1=1"])
def test_an_unknown_reference_gets_a_message_and_keeps_what_was_typed(client, db, typed):
    response = client.get("/track/", {"reference": typed})

    assert response.status_code == 200
    assert response.context["line"] is None
    assert response.context["error"]
    assert response.context["typed"] == typed[:40]


def test_the_board_counts_what_was_promised_and_delivered(make_discussion, education, client):
    now = timezone.now()
    closed = {"opens_at": now - timedelta(days=40), "closes_at": now - timedelta(days=20)}
    make_discussion("delivered", **closed, promise_by=now + timedelta(days=1), outcome_at=now - timedelta(days=10))
    make_discussion("late", **closed, promise_by=now - timedelta(days=1))
    make_discussion("open", promise_by=now + timedelta(days=5))
    make_discussion("draft", state="draft", promise_by=now - timedelta(days=5), published_at=None)

    response = client.get("/impact/")

    row = next(row for row in response.context["rows"] if row.code == "education")
    assert (row.asked, row.promised, row.delivered, row.overdue, row.days.days) == (3, 3, 1, 1, 10)
    assert [activity.slug for activity in response.context["late"]] == ["late"]


def test_answers_to_an_activity_show_no_names_and_nothing_hidden(answered, discussion, bilal, meera, mod, client):
    hidden = writing.write(discussion, bilal, "HIDDEN CANARY")
    ledger.dispose([hidden.contribution], by=meera, standing="read")
    moderating.hide(hidden, mod, "offence", "It insults.")

    page = client.get("/impact/", {"activity": discussion.slug}).content.decode()

    assert "Serve eggs twice a week." in page
    assert "HIDDEN CANARY" not in page
    assert "Asha" not in page


@pytest.mark.parametrize("rows", [1, 3])
def test_pages_cost_the_same_with_one_row_and_three(rows, discussion, asha, meera, client, django_assert_num_queries):
    for n in range(rows):
        comment = writing.write(discussion, asha, f"Point number {n}.")
        ledger.dispose([comment.contribution], by=meera, standing="read", words=f"Read {n}.")
    assert Contribution.objects.count() == rows
    with django_assert_num_queries(3):
        client.get("/impact/")
    client.force_login(asha)
    with django_assert_num_queries(5):  # session, person, lines, answers, unread
        client.get("/impact/mine/")
