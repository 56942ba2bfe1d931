"""Whoever opens a case has it for fifteen minutes; nobody else decides it, unless they say why they take it over."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from commons.audit.models import Entry
from mygov.moderation import deciding, reporting, taking
from mygov.moderation.models import Case, Decision

pytestmark = pytest.mark.django_db
HTMX = {"headers": {"hx-request": "true"}}


@pytest.fixture
def cases(say, asha, bilal):
    return [reporting.report(say(bilal, f"Text {n}"), asha, "spam").case for n in range(2)]


def now(case):
    return Case.objects.get(pk=case.pk)


def runs_out(case):
    Case.objects.filter(pk=case.pk).update(taken_until=timezone.now() - timedelta(seconds=1))


def test_whoever_opens_it_has_it_for_fifteen_minutes(client, mod, cases):
    client.force_login(mod)
    response = client.get(f"/moderation/{cases[0].pk}/")

    case = now(cases[0])
    assert case.taken_by == mod
    assert timedelta(minutes=14) < case.taken_until - timezone.now() <= timedelta(minutes=15)
    assert "nobody else decides it" in response.content.decode()


def test_opening_the_next_one_frees_the_one_before(mod, cases):
    for case in cases:
        taking.take(case, mod)

    assert [now(case).taken_by for case in cases] == [None, mod]


def test_looking_at_what_is_decided_takes_nothing(client, mod, cases):
    deciding.decide(cases[0], mod, "hide", seen=0, reason="spam")
    client.force_login(mod)
    client.get(f"/moderation/{cases[0].pk}/")

    assert now(cases[0]).taken_by is None


def test_a_page_that_is_fetched_ahead_takes_nothing(client, mod, cases):
    client.force_login(mod)
    client.get(f"/moderation/{cases[0].pk}/", headers={"sec-purpose": "prefetch"})

    assert now(cases[0]).taken_by is None


def test_whoever_may_not_decide_takes_nothing(client, mod, cases):
    Case.objects.filter(pk=cases[0].pk).update(author=mod)
    client.force_login(mod)
    client.get(f"/moderation/{cases[0].pk}/")

    assert now(cases[0]).taken_by is None


@pytest.mark.parametrize("extra", [{}, HTMX])
def test_the_other_moderator_reads_who_has_it_and_cannot_decide(client, mod, admin, cases, extra):
    taking.take(cases[0], admin)
    client.force_login(mod)
    seen = client.get(f"/moderation/{cases[0].pk}/", **extra).content.decode()
    refused = client.post(f"/moderation/{cases[0].pk}/decision/", {"seen": 0, "what": "approve"}, **extra)

    for text in (seen, refused.content.decode()):
        assert "Admin has it open until" in text
        assert 'value="approve"' not in text
    assert (refused.status_code, now(cases[0]).turn, now(cases[0]).taken_by) == (409, 0, admin)


def test_the_queue_says_who_has_it_open_and_begins_with_what_is_free(client, mod, admin, cases):
    taking.take(cases[0], admin)
    client.force_login(mod)
    response = client.get("/moderation/")

    assert response.context["first"] == cases[1]
    assert "Admin has it open" in response.content.decode()


def test_the_next_one_is_one_that_nobody_has_open(client, mod, admin, cases, say, asha, bilal):
    third = reporting.report(say(bilal, "Third"), asha, "spam").case
    taking.take(cases[1], admin)
    client.force_login(mod)
    response = client.post(f"/moderation/{cases[0].pk}/decision/", {"seen": 0, "what": "approve"})

    assert response["Location"] == f"/moderation/{third.pk}/"


def test_when_the_time_has_run_out_it_is_free(mod, admin, cases):
    taking.take(cases[0], admin)
    runs_out(cases[0])

    assert taking.take(cases[0], mod).taken_by == mod
    deciding.decide(cases[0], mod, "approve", seen=0)
    assert now(cases[0]).taken_by is None


def test_taking_it_over_needs_a_reason_is_recorded_and_is_read(client, mod, admin, cases):
    taking.take(cases[0], admin)
    client.force_login(mod)
    path = f"/moderation/{cases[0].pk}/taking-over/"
    empty = [client.post(path, {"words": " "}, **extra) for extra in ({}, HTMX)]
    assert [response.status_code for response in empty] == [422, 422]
    assert "Say why you take it over" in empty[0].content.decode()
    assert now(cases[0]).taken_by == admin

    assert client.post(path, {"words": "Admin has gone home."})["Location"] == f"/moderation/{cases[0].pk}/"
    assert now(cases[0]).taken_by == mod
    entry = Entry.objects.get(verb="moderation.take_over")
    assert (entry.actor_id, entry.words, entry.before) == (mod.pk, "Admin has gone home.", {"taken_by": admin.pk})

    client.force_login(admin)
    assert "Admin has gone home." in client.get(f"/moderation/{cases[0].pk}/").content.decode()


def test_with_htmx_what_was_taken_over_can_be_decided_in_place(client, mod, admin, cases):
    taking.take(cases[0], admin)
    client.force_login(mod)
    response = client.post(f"/moderation/{cases[0].pk}/taking-over/", {"words": "Urgent."}, **HTMX)

    assert 'value="approve"' in response.content.decode()
    assert "<html" not in response.content.decode()


@pytest.mark.parametrize("extra", [{}, HTMX])
def test_what_is_left_to_others_is_free(client, mod, cases, extra):
    taking.take(cases[0], mod)
    client.force_login(mod)
    response = client.post(f"/moderation/{cases[0].pk}/putting-back/", **extra)

    assert response["HX-Redirect" if extra else "Location"] == "/moderation/"
    assert now(cases[0]).taken_by is None


def test_nobody_puts_back_what_a_colleague_has_open(client, mod, admin, cases):
    taking.take(cases[0], admin)
    client.force_login(mod)
    client.post(f"/moderation/{cases[0].pk}/putting-back/")

    assert now(cases[0]).taken_by == admin


@pytest.mark.parametrize("path", ["taking-over", "putting-back"])
def test_who_is_not_a_moderator_finds_nothing_there(client, asha, cases, path):
    url = f"/moderation/{cases[0].pk}/{path}/"
    assert client.post(url, {"words": "x"})["Location"].startswith("/accounts/login/?next=")
    client.force_login(asha)
    assert (client.post(url, {"words": "x"}).status_code, client.get(url).status_code) == (404, 405)


def test_taking_over_what_nobody_has_changes_nothing(mod, cases):
    assert taking.take_over(cases[0], mod, "Because.").taken_by is None
    assert not Entry.objects.filter(verb="moderation.take_over").exists()


def test_too_few_words_are_refused_by_the_verb(mod, cases):
    with pytest.raises(ValidationError):
        taking.take_over(cases[0], mod, "\u200b ")


def insert(case, by):
    Decision.objects.create(case=case, activity_id=case.activity_id, turn=1, by=by, what="approve", rules_version="1")


def test_the_database_itself_refuses_a_decision_on_what_somebody_else_has(mod, admin, cases):
    taking.take(cases[0], admin)
    with pytest.raises(IntegrityError, match="is taken by somebody else"), transaction.atomic():
        insert(cases[0], mod)
    insert(cases[0], admin)


def test_without_the_trigger_the_database_would_let_it_through(mod, admin, cases):
    """Negative control."""
    taking.take(cases[0], admin)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE moderation_decision DISABLE TRIGGER USER")
    insert(cases[0], mod)
    assert Decision.objects.get().by == mod
