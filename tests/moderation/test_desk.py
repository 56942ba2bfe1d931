"""The desk: what the queue shows and in which order, the item, deciding and going on, with and without htmx."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from discussions.models import Idea
from mygov.moderation import appeals, deciding, reporting, views
from mygov.moderation import queue as queue_of_cases
from mygov.moderation.models import Case
from tests.cast import person

pytestmark = pytest.mark.django_db
HTMX = {"headers": {"hx-request": "true"}}


@pytest.fixture
def make_cases(say, bilal, asha, newcomer):
    """Twenty reported by one person, because more an hour are refused; the rest by another."""

    def make(count):
        reporters = [asha] * 20 + [newcomer] * 20
        return [reporting.report(say(bilal, f"Text number {n}"), reporters[n], "spam").case for n in range(count)]

    return make


@pytest.fixture
def desk(client, mod):
    client.force_login(mod)
    return client


def words(page):
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def cases_on(response):
    return [case.pk for case in response.context["page"].rows]


# -- the queue -----------------------------------------------------------------------------------


def test_the_riskiest_and_oldest_come_first(desk, say, asha, bilal):
    light, grave, old = (reporting.report(say(bilal, f"{reason}"), asha, reason).case
                         for reason in ("off_topic", "illegal", "spam"))  # fmt: skip
    Case.objects.filter(pk=old.pk).update(due_at=timezone.now() - timedelta(hours=1))

    response = desk.get("/moderation/")
    assert cases_on(response) == [old.pk, grave.pk, light.pk]
    assert "1 hour late" in " ".join(response.content.decode().split())


def test_the_queue_shows_each_case_once_while_others_are_decided(desk, make_cases, mod):
    made = make_cases(35)
    first = desk.get("/moderation/")
    for case in made[:10]:
        deciding.decide(case, mod, "approve", seen=0)
    second = desk.get("/moderation/", {"after": first.context["page"].next}, **HTMX)

    assert cases_on(first) + cases_on(second) == [case.pk for case in made]
    assert "<html" not in second.content.decode()


def test_what_was_reported_again_meanwhile_is_neither_shown_twice_nor_lost(desk, make_cases):
    made = make_cases(35)
    first = desk.get("/moderation/")
    for case in (made[3], made[32]):
        Case.objects.filter(pk=case.pk).update(due_at=timezone.now() - timedelta(hours=1))  # heavier, so due sooner
    second = desk.get("/moderation/", {"after": first.context["page"].next}, **HTMX)

    assert cases_on(second) == [case.pk for case in made[30:] if case != made[32]]
    assert sorted(cases_on(desk.get("/moderation/"))[:2]) == [made[3].pk, made[32].pk]


@pytest.mark.parametrize(
    ("weight", "opened", "due", "expected"),
    [
        (3, 0, 18, "timely"), (3, 13, 5, "timely"), (3, 14, 4, "soon"), (3, 18, 0, "late"),
        (0, 10 * 24, 0, "timely"), (0, 11 * 24, -24, "soon"), (0, 13 * 24, -3 * 24, "soon"), (0, 14 * 24, -4 * 24, "late"),
    ],
)  # fmt: skip
def test_how_near_its_time_a_case_is(weight, opened, due, expected):
    """Opened so many hours ago, due in so many. Without suspicion the 11th and the 14th day count."""
    now = timezone.now()
    case = Case(weight=weight, opened_at=now - timedelta(hours=opened), due_at=now + timedelta(hours=due))

    assert case.pace(now) == expected


def test_a_made_up_cursor_is_not_found(desk):
    assert desk.get("/moderation/?after=nonsense").status_code == 404


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["idea", "held", "hindi", "comment"]),
        ("?kind=idea", ["idea"]),
        ("?kind=comment", ["held", "hindi", "comment"]),
        ("?why=held", ["held"]),
        ("?why=reported", ["idea", "hindi", "comment"]),
        ("?why=asked", ["idea"]),
        ("?why=escalated", ["hindi"]),
        ("?age=1", ["held"]),
        ("?age=3", []),
        ("?age=late", ["comment"]),
        ("?group=schools", ["comment"]),
        ("?group=nowhere", []),
        ("?reason=spam", ["held", "comment"]),
        ("?language=hi", ["hindi"]),
        ("?institution=education&kind=idea", ["idea"]),
        ("?institution=health", []),
        ("?kind=nonsense&reason=%27", ["idea", "held", "hindi", "comment"]),
    ],
)
def test_every_filter(
    desk, query, found, say, bring, asha, bilal, newcomer, write, their_moderator, make_discussion, group
):
    inside = make_discussion("inside", group=group)
    known = {
        "comment": reporting.report(say(bilal, "A comment", activity=inside), asha, "spam").case,
        "hindi": reporting.report(say(bilal, "एक टिप्पणी", language="hi"), asha, "duplicate").case,
        "held": write(newcomer, "a.in b.in c.in").case,
        "idea": reporting.report(bring(bilal), asha, "offence").case,
    }
    deciding.decide(known["idea"], their_moderator, "ask", seen=0, reason="offence")
    deciding.decide(known["hindi"], their_moderator, "escalate", seen=0, words="I cannot read it.")
    order = {"idea": 1, "held": 2, "hindi": 3, "comment": 4}
    for name, case in known.items():
        Case.objects.filter(pk=case.pk).update(due_at=timezone.now() + timedelta(hours=order[name]))
    Case.objects.filter(pk=known["held"].pk).update(opened_at=timezone.now() - timedelta(days=2))
    if query == "?age=late":
        Case.objects.filter(pk=known["comment"].pk).update(due_at=timezone.now() - timedelta(hours=1))

    assert cases_on(desk.get(f"/moderation/{query}")) == [known[name].pk for name in found]


def test_moderators_of_an_institution_see_their_own(client, their_moderator, other_moderator, make_cases):
    made = make_cases(2)
    for who, seen in ((their_moderator, [case.pk for case in made]), (other_moderator, [])):
        client.force_login(who)
        assert cases_on(client.get("/moderation/")) == seen


# -- one case ------------------------------------------------------------------------------------


def test_the_item_shows_what_surrounds_it(desk, say, asha, bilal, mod):
    root = say(asha, "The question before it")
    reply = say(bilal, "The answer in question", parent=root, root=root, depth=1)
    case = reporting.report(reply, asha, "offence", "It names my child.").case
    response = desk.get(f"/moderation/{case.pk}/")
    text = response.content.decode()

    assert [comment.body for comment in response.context["thread"]] == ["The question before it"]
    for words in (
        "The answer in question",
        "It names my child.",
        "Offence or hate",
        "from somebody little known yet",
        "Bilal",
    ):
        assert words in text
    assert "Asha" not in text.split('class="desk-context"')[1]  # who reported is nobody's business
    assert "bilal@example.org" not in text


def test_the_item_is_a_fragment_for_htmx(desk, make_cases):
    [case] = make_cases(1)
    whole, part = desk.get(f"/moderation/{case.pk}/"), desk.get(f"/moderation/{case.pk}/", **HTMX)

    assert ("<html" in whole.content.decode(), "<html" in part.content.decode()) == (True, False)


def test_the_author_of_a_case_may_be_gone(desk, make_cases, bilal):
    [case] = make_cases(1)
    Case.objects.update(author=None)

    assert "The account no longer exists." in desk.get(f"/moderation/{case.pk}/").content.decode()


# -- deciding ------------------------------------------------------------------------------------


def test_deciding_goes_on_to_the_next_with_the_same_filters(desk, make_cases):
    first, second = make_cases(2)
    response = desk.post(f"/moderation/{first.pk}/decision/?reason=spam", {"seen": 0, "what": "approve"})

    assert (response.status_code, response["Location"]) == (302, f"/moderation/{second.pk}/?reason=spam")
    assert "Approved: “Text number 0”" in desk.get(response["Location"]).content.decode()
    last = desk.post(f"/moderation/{second.pk}/decision/", {"seen": 0, "what": "hide", "reason": "spam", "words": ""})
    assert last["Location"] == "/moderation/"


def test_with_htmx_the_next_case_comes_in_place(desk, make_cases):
    first, second = make_cases(2)
    response = desk.post(f"/moderation/{first.pk}/decision/", {"seen": 0, "what": "approve"}, **HTMX)

    assert (response.status_code, response["HX-Push-Url"]) == (200, f"/moderation/{second.pk}/")
    assert response.context["case"] == second
    assert "<html" not in response.content.decode()
    last = desk.post(f"/moderation/{second.pk}/decision/", {"seen": 0, "what": "approve"}, **HTMX)
    assert "Nothing waits. Thank you." in last.content.decode()


@pytest.mark.parametrize("extra", [{}, HTMX])
def test_hiding_without_a_rule_says_so_and_keeps_the_words(desk, make_cases, extra):
    [case] = make_cases(1)
    response = desk.post(f"/moderation/{case.pk}/decision/", {"seen": 0, "what": "hide", "words": "My words"}, **extra)

    assert response.status_code == 422
    assert "Choose the rule it breaks." in response.content.decode()
    assert "My words" in response.content.decode()
    assert Case.objects.get().turn == 0


@pytest.mark.parametrize("extra", [{}, HTMX])
def test_whoever_is_second_reads_who_decided_and_how(desk, make_cases, admin, extra):
    [case] = make_cases(1)
    deciding.decide(case, admin, "hide", seen=0, reason="spam", words="An advertisement for loans.")
    response = desk.post(f"/moderation/{case.pk}/decision/", {"seen": 0, "what": "approve"}, **extra)

    assert response.status_code == 409
    text = response.content.decode()
    assert "Admin has decided already: Hidden" in text
    assert "An advertisement for loans." in text
    assert ("<html" in text) == (not extra)


@pytest.mark.parametrize("extra", [{}, HTMX])
def test_what_is_not_offered_is_refused(client, make_cases, their_moderator, extra):
    client.force_login(their_moderator)
    [case] = make_cases(1)
    response = client.post(f"/moderation/{case.pk}/decision/", {"seen": 0, "what": "hide", "reason": "spam"}, **extra)

    assert (response.status_code, Case.objects.get().turn) == (403, 0)
    assert "This is not yours to decide." in response.content.decode()


@pytest.mark.parametrize(
    "data",
    [{}, {"seen": "x", "what": "approve"}, {"seen": 0, "what": "explode"}, {"seen": 10**30, "what": "approve"},
     {"seen": 0, "what": "hide", "reason": "nonsense", "words": "w" * 5000}],
)  # fmt: skip
def test_a_malformed_decision_is_a_client_error(desk, make_cases, data):
    [case] = make_cases(1)

    assert desk.post(f"/moderation/{case.pk}/decision/", data).status_code == 422
    assert Case.objects.get().turn == 0


def test_a_decision_needs_a_token_and_a_post(mod, make_cases):
    from django.test import Client

    [case] = make_cases(1)
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(mod)

    assert strict.post(f"/moderation/{case.pk}/decision/", {"seen": 0, "what": "approve"}).status_code == 403
    assert strict.get(f"/moderation/{case.pk}/decision/").status_code == 405


def test_whoever_was_signed_out_comes_back_to_the_case(client, make_cases):
    [case] = make_cases(1)
    plain = client.post(f"/moderation/{case.pk}/decision/", {"seen": 0, "what": "approve"})
    htmx = client.post(f"/moderation/{case.pk}/decision/", {"seen": 0, "what": "approve"}, **HTMX)

    url = f"/accounts/login/?next=%2Fmoderation%2F{case.pk}%2F"
    assert (plain["Location"], htmx["HX-Redirect"]) == (url, url)


def test_going_on_skips_what_another_moderator_has_to_look_at(desk, make_cases, mod):
    appealed, last = make_cases(2)
    made = deciding.decide(appealed, mod, "hide", seen=0, reason="spam")
    appeals.appeal(made, appealed.author, "I sell nothing.")
    Case.objects.filter(pk=appealed.pk).update(due_at=timezone.now() - timedelta(hours=1))

    queue = desk.get("/moderation/")
    assert cases_on(queue) == [appealed.pk, last.pk]
    assert queue.context["first"].pk == last.pk
    done = desk.post(f"/moderation/{last.pk}/decision/", {"seen": 0, "what": "approve"})
    assert done["Location"] == "/moderation/"


def test_an_idea_one_flagged_is_not_offered_to_the_same_moderator(desk, bring, mod, asha):
    idea = bring(asha)
    case = reporting.report(idea, person("reader"), "spam").case
    Idea.objects.filter(pk=idea.pk).update(state=Idea.State.SPONSORED)
    deciding.decide(Case.objects.get(pk=case.pk), mod, "flag", seen=0, words="Is this one ask or two?")

    queue = desk.get("/moderation/")
    assert cases_on(queue) == [case.pk]
    assert queue.context["first"] is None


def test_the_queue_says_how_many_wait_and_how_many_are_past_their_time(desk, make_cases, monkeypatch):
    made = make_cases(4)
    Case.objects.filter(pk=made[1].pk).update(due_at=timezone.now() - timedelta(hours=1))

    def said(address="/moderation/"):
        return words(desk.get(address).content.decode())

    assert "4 wait · 1 past its time" in said()
    assert 'href="/moderation/?age=late"' in desk.get("/moderation/").content.decode()
    assert "1 waits · 1 past its time" in said("/moderation/?age=late")
    monkeypatch.setattr(queue_of_cases, "COUNTED", 3)
    monkeypatch.setattr(views, "COUNTED", 3)
    assert "More than 3 wait" in said()


def test_a_filter_that_is_on_is_said_above_the_list(desk, make_cases):
    make_cases(1)

    assert "Suspicion: Spam Show everything" in words(desk.get("/moderation/?reason=spam").content.decode())


# -- cost ----------------------------------------------------------------------------------------


def test_the_queue_costs_the_same_whatever_waits(desk, make_cases, django_assert_num_queries):
    make_cases(1)
    with django_assert_num_queries(17):
        desk.get("/moderation/")
    make_cases(3)
    with django_assert_num_queries(17):
        desk.get("/moderation/")


def test_an_item_costs_the_same_whatever_surrounds_it(desk, say, asha, known, mod, django_assert_num_queries):
    rita = known("rita")
    alone = reporting.report(say(rita, "Alone"), asha, "spam").case
    with django_assert_num_queries(30):
        desk.get(f"/moderation/{alone.pk}/")
    comment = say(asha, "Root")
    for depth in (1, 2, 3):
        comment = say(rita, f"Level {depth}", parent=comment, root=comment.root or comment, depth=depth)
    for n in range(3):
        case = reporting.report(comment, person(f"p{n}"), "spam").case
    deciding.decide(case, mod, "hide", seen=0, reason="spam")
    deciding.decide(case, mod, "restore", seen=1)
    reporting.report(comment, person("late"), "spam")
    with django_assert_num_queries(30):
        desk.get(f"/moderation/{case.pk}/")


def test_the_page_speaks_hindi(desk, make_cases):
    [case] = make_cases(1)
    assert desk.get(f"/hi/moderation/{case.pk}/").status_code == 200
