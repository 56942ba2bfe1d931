"""The statement of reasons, the appeal against it, and the other moderator who answers."""

from datetime import timedelta

import pgtrigger
import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from commons.comments import writing
from commons.directory.models import Post
from mygov.moderation import appeals, deciding, reporting, rules
from mygov.moderation.models import Appeal, Case, Decision
from mygov.notifications import telling
from mygov.notifications import words as sentences
from mygov.notifications.models import Notification
from tests.cast import person

pytestmark = pytest.mark.django_db
HTMX = {"headers": {"hx-request": "true"}}
WORDS = "I named no loan at all."


@pytest.fixture
def second(db):
    """Another moderator of the platform."""
    user = person("second", is_staff=True)
    Post.objects.create(person=user, role=Post.Role.MODERATOR)
    return user


@pytest.fixture
def case(say, asha, bilal):
    return reporting.report(say(bilal, "Cheap loans for everybody."), asha, "spam").case


@pytest.fixture
def hidden(case, mod):
    return deciding.decide(case, mod, "hide", seen=0, reason="spam", words="An advertisement.")


@pytest.fixture
def author(client, bilal):
    client.force_login(bilal)
    return client


def now(case):
    return Case.objects.get(pk=case.pk)


def words(response):
    return " ".join(response.content.decode().split())


def told(user):
    telling.expand()
    rows = Notification.objects.filter(person=user).order_by("id")
    return [(row.event, row.path, sentences.reason(row)) for row in rows]


def make_late():
    """As if the decision was made a minute too early to appeal against."""
    with pgtrigger.ignore("moderation.Decision:append_only"):
        Decision.objects.update(at=F("at") - timedelta(days=7, minutes=1))


# -- the statement -------------------------------------------------------------------------------


def test_the_author_reads_rule_words_moment_and_the_way_to_appeal(author, hidden):
    page = words(author.get(f"/moderation/decisions/{hidden.pk}/"))

    for part in (
        "Why your comment was hidden", "Cheap loans for everybody.", "/community-rules/#spam", "An advertisement.",
        "rules of 2026-11", hidden.case.comment.contribution.reference, "You can appeal once, until",
    ):  # fmt: skip
        assert part in page
    assert ("Mod" in page.split("<main")[1], "Asha" in page) == (False, False)  # neither who decided nor who reported


def test_the_notification_leads_to_it(hidden, bilal):
    assert told(bilal) == [("hidden", f"/moderation/decisions/{hidden.pk}/", "An advertisement.")]


def test_ones_own_hidden_text_leads_to_it(author, hidden, discussion):
    link = f"/moderation/comments/{hidden.case.comment_id}/reasons/"
    assert link in author.get(f"/discussions/{discussion.slug}/?order=newest").content.decode()
    assert author.get(link)["Location"] == f"/moderation/decisions/{hidden.pk}/"


@pytest.mark.parametrize("what", ["hide", "reject"])
def test_an_idea_leads_to_it(author, bring, bilal, mod, what):
    idea = bring(bilal)
    reporting.report(idea, mod, "spam")
    made = deciding.decide(idea.case, mod, what, seen=0, reason="spam" if what == "hide" else "court")
    link = f"/moderation/ideas/{idea.pk}/reasons/"

    assert link in author.get(f"/ideas/{idea.pk}/").content.decode()
    assert author.get(link)["Location"] == f"/moderation/decisions/{made.pk}/"
    assert author.get(f"/moderation/decisions/{made.pk}/").status_code == 200
    assert [path for _event, path, _words in told(bilal)] == [f"/moderation/decisions/{made.pk}/"]


@pytest.mark.parametrize("who", ["asha", "mod"])
def test_nobody_else_finds_it(client, hidden, who, request):
    url = f"/moderation/decisions/{hidden.pk}/"
    assert client.get(url)["Location"] == f"/accounts/login/?next=%2Fmoderation%2Fdecisions%2F{hidden.pk}%2F"
    client.force_login(request.getfixturevalue(who))

    answers = [client.get(url), client.post(f"{url}appeal/", {"words": WORDS}),
               client.get(f"/moderation/comments/{hidden.case.comment_id}/reasons/")]  # fmt: skip
    assert [answer.status_code for answer in answers] == [404, 404, 404]


def test_a_text_that_nobody_decided_against_has_no_reasons(author, case):
    assert author.get(f"/moderation/comments/{case.comment_id}/reasons/").status_code == 404


def test_it_says_when_the_decision_was_reversed(author, hidden, second):
    deciding.decide(hidden.case, second, "restore", seen=1)
    page = words(author.get(f"/moderation/decisions/{hidden.pk}/"))

    assert "it was reversed on" in page
    assert "Only you and moderators see it." not in page
    assert "<textarea" not in page


# -- appealing -----------------------------------------------------------------------------------


@pytest.mark.parametrize("extra", [{}, HTMX])
def test_an_appeal_brings_the_case_before_moderators_again(author, hidden, extra):
    response = author.post(f"/moderation/decisions/{hidden.pk}/appeal/", {"words": WORDS}, **extra)

    assert response.status_code == (200 if extra else 302)
    assert ("<html" in response.content.decode()) is False
    made = Appeal.objects.get()
    assert (made.decision, made.words, made.answer, now(hidden.case).closed_at) == (hidden, WORDS, None, None)
    assert WORDS in words(author.get(f"/moderation/decisions/{hidden.pk}/"))


@pytest.mark.parametrize("extra", [{}, HTMX])
@pytest.mark.parametrize("typed", ["", "   ", "x" * 2001])
def test_what_is_wrong_is_said_beside_the_field_and_the_words_stay(author, hidden, typed, extra):
    response = author.post(f"/moderation/decisions/{hidden.pk}/appeal/", {"words": typed}, **extra)

    assert (response.status_code, Appeal.objects.count()) == (422, 0)
    assert (typed.strip() in response.content.decode(), 'class="error"' in words(response)) == (True, True)
    assert ("<html" in words(response)) == (not extra)


def test_seven_days_by_the_databases_clock(author, hidden):
    make_late()
    response = author.post(f"/moderation/decisions/{hidden.pk}/appeal/", {"words": WORDS})

    assert (response.status_code, Appeal.objects.count()) == (422, 0)
    assert "The seven days for an appeal are over." in words(response)
    assert WORDS in words(response)
    page = words(author.get(f"/moderation/decisions/{hidden.pk}/"))
    assert "The time for an appeal ended on" in page
    assert "<textarea" not in page


def test_one_appeal_a_decision(hidden, bilal):
    made = [appeals.appeal(hidden, bilal, WORDS), appeals.appeal(hidden, bilal, "Once more.")]
    assert (made[0], Appeal.objects.get().words) == (made[1], WORDS)


def test_only_the_author_appeals(hidden, asha, mod):
    for who in (asha, mod):
        with pytest.raises(PermissionDenied):
            appeals.appeal(hidden, who, WORDS)


def test_nothing_is_appealed_against_that_does_not_stand(hidden, second, bilal):
    deciding.decide(hidden.case, second, "restore", seen=1)
    with pytest.raises(PermissionDenied):
        appeals.appeal(Decision.objects.get(pk=hidden.pk), bilal, WORDS)


def test_whoever_was_signed_out_keeps_the_words(client, hidden, bilal):
    url = f"/moderation/decisions/{hidden.pk}/"
    assert client.post(f"{url}appeal/", {"words": WORDS})["Location"].startswith("/accounts/login/?next=")
    client.post("/accounts/login/", {"login": "bilal@example.org", "password": "mygov-demo"})

    assert WORDS in words(client.get(url))


# -- the answer ----------------------------------------------------------------------------------


@pytest.fixture
def appealed(hidden, bilal):
    return appeals.appeal(hidden, bilal, WORDS)


def options(user, case):
    return rules.options(user, now(case))


def test_only_a_moderator_who_did_not_decide_answers(appealed, case, mod, second, admin, their_moderator, education):
    assert [options(who, case) for who in (mod, their_moderator, second, admin)] == [
        [], [], ["restore", "uphold", "escalate"], ["restore", "uphold"],
    ]  # fmt: skip
    Post.objects.create(person=second, role=Post.Role.ANALYST, institution=education)
    assert options(second, case) == []  # it is about their employer
    with pytest.raises(PermissionDenied):
        deciding.decide(case, mod, "restore", seen=1)


def test_the_database_refuses_an_answer_by_whoever_decided(appealed, hidden):
    with pytest.raises(IntegrityError, match="answered by somebody else"), transaction.atomic():
        Appeal.objects.filter(pk=appealed.pk).update(answer=hidden, granted=False)


def test_without_the_trigger_it_would_let_them(appealed, hidden):
    """Negative control."""
    with pgtrigger.ignore("moderation.Appeal:somebody_else_answers"):
        assert Appeal.objects.filter(pk=appealed.pk).update(answer=hidden, granted=False) == 1


def test_granting_shows_the_text_and_everybody_concerned_is_told(appealed, case, hidden, mod, second, bilal):
    told(bilal)
    made = deciding.decide(case, second, "restore", seen=1, words="It is a question, not an advertisement.")

    appealed.refresh_from_db()
    assert (appealed.granted, appealed.answer, now(case).standing) == (True, made, "shown")
    assert told(bilal)[1:] == [
        ("appeal granted", f"/moderation/decisions/{hidden.pk}/", "It is a question, not an advertisement.")
    ]
    assert told(mod) == [("decision reversed", f"/moderation/{case.pk}/", "It is a question, not an advertisement.")]


def test_refusing_keeps_it_hidden_and_everybody_concerned_is_told(appealed, case, hidden, mod, second, bilal, author):
    told(bilal)
    with pytest.raises(ValidationError) as refused:
        deciding.decide(case, second, "uphold", seen=1)
    assert list(refused.value.message_dict) == ["words"]
    deciding.decide(case, second, "uphold", seen=1, words="It names a bank and a number.")

    appealed.refresh_from_db()
    assert (appealed.granted, now(case).standing, now(case).closed_at is None) == (False, "hidden", False)
    assert [event for event, _path, _words in told(bilal)[1:]] == ["appeal refused"]
    assert [event for event, _path, _words in told(mod)] == ["decision upheld"]
    page = words(author.get(f"/moderation/decisions/{hidden.pk}/"))
    assert "the decision stands" in page
    assert "It names a bank and a number." in page
    with pytest.raises(PermissionDenied):
        appeals.appeal(Decision.objects.latest("id"), bilal, "Again.")


def test_what_was_removed_by_law_an_appeal_shows_again(case, mod, second, bilal):
    made = deciding.decide(case, mod, "remove", seen=0, words="Order 7 of the district court.")
    assert options(second, case) == []
    appeals.appeal(made, bilal, WORDS)
    assert options(second, case) == ["restore", "uphold", "escalate"]
    deciding.decide(case, second, "uphold", seen=1, words="The order stands.")
    assert options(second, case) == []


def test_an_idea_that_was_not_accepted_opens_after_an_appeal(bring, bilal, mod, second):
    from tests.moderation.test_ideas import sponsored

    idea = sponsored(bring(bilal))
    made = deciding.decide(idea.case, mod, "reject", seen=0, reason="court")
    appeals.appeal(made, bilal, "No court has this.")
    deciding.decide(idea.case, second, "restore", seen=1)
    idea.refresh_from_db()

    assert (idea.state, Appeal.objects.get().granted) == ("open", True)


def test_whoever_takes_the_text_back_leaves_nothing_to_decide(appealed, case, bilal, author, hidden):
    writing.remove(case.comment, bilal)

    assert not Case.objects.waiting().exists()
    assert "You took the text back" in words(author.get(f"/moderation/decisions/{hidden.pk}/"))


def test_the_desk_shows_appeals_and_filters_by_them(client, appealed, case, second, say, asha):
    reporting.report(say(asha, "Another"), second, "spam")
    client.force_login(second)
    response = client.get("/moderation/?why=appeal")
    assert [row.pk for row in response.context["page"].rows] == [case.pk]
    assert "Appeal" in words(response)
    page = words(client.get(f"/moderation/{case.pk}/"))

    assert WORDS in page
    assert 'value="uphold"' in page


def test_an_appeal_is_due_within_36_hours_however_light_it_was(bring, bilal, mod):
    from tests.moderation.test_ideas import sponsored

    idea = sponsored(bring(bilal))
    made = deciding.decide(idea.case, mod, "reject", seen=0, reason="court")
    appeals.appeal(made, bilal, WORDS)

    assert now(idea.case).due_at - timezone.now() <= timedelta(hours=36)


def test_a_statement_costs_the_same_with_and_without_an_appeal(author, hidden, bilal, django_assert_max_num_queries):
    with django_assert_max_num_queries(9):
        author.get(f"/moderation/decisions/{hidden.pk}/")
    appeals.appeal(hidden, bilal, WORDS)
    with django_assert_max_num_queries(9):
        author.get(f"/moderation/decisions/{hidden.pk}/")
