"""Who may decide what: a test for every cell, and the rule that nobody hides alone what is said about their employer."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from commons.directory.models import Institution, Post
from mygov.moderation import deciding, reporting, rules
from mygov.moderation.models import Case
from tests.cast import person
from tests.moderation.conftest import LONG

ALL = ["approve", "hide", "remove", "reject", "restore", "ask", "flag", "park", "escalate"]


@pytest.fixture
def group_moderator(group):
    user = person("groupmod", is_staff=True)
    Post.objects.create(person=user, role=Post.Role.MODERATOR, group=group)
    return user


@pytest.fixture
def employed_moderator(education):
    """Moderates the whole platform, and works for the ministry."""
    user = person("both", is_staff=True)
    Post.objects.create(person=user, role=Post.Role.MODERATOR)
    Post.objects.create(person=user, role=Post.Role.ANALYST, institution=education)
    return user


@pytest.fixture
def volunteer(db):
    """Holds the post, but is not staff: no second factor is asked of them, so no power is given."""
    user = person("volunteer")
    Post.objects.create(person=user, role=Post.Role.MODERATOR)
    return user


@pytest.fixture
def cases(make_discussion, group, say, bring, asha, bilal, mod):
    """One of each: a comment that can be seen, is held, is hidden, is taken back; an idea."""
    inside = make_discussion("inside", group=group)
    said = {name: say(bilal, name, activity=inside) for name in ("seen", "held", "hidden", "gone")}
    found = {name: reporting.report(comment, asha, "spam").case for name, comment in said.items()}
    from commons.comments import moderating, writing
    from commons.comments.screening import Finding

    moderating.hold(said["held"], [Finding("spam", "Links.")])
    deciding.decide(found["hidden"], mod, "hide", seen=0, reason="spam")
    writing.remove(said["gone"], bilal)
    found["idea"] = reporting.report(bring(bilal), asha, "spam").case
    return found


NOTHING: dict[str, list[str]] = {"seen": [], "held": [], "hidden": [], "gone": [], "idea": []}
EVERYTHING = {
    "seen": ["approve", "hide", "remove", "escalate"], "held": ["approve", "hide", "remove", "escalate"],
    "hidden": ["restore"], "gone": [], "idea": ["approve", "hide", "remove", "reject", "escalate"],
}  # fmt: skip
LAST = {name: [what for what in able if what != "escalate"] for name, able in EVERYTHING.items()}
ASK = ["approve", "ask", "escalate"]
ASKS = {"seen": ASK, "held": ASK, "hidden": [], "gone": [], "idea": ASK}
TABLE = {
    "asha": NOTHING,
    "meera": NOTHING,
    "arjun": NOTHING,
    "dev": NOTHING,
    "volunteer": NOTHING,
    "other_moderator": NOTHING,
    "mod": EVERYTHING,
    "admin": LAST,  # there is nobody to hand it up to
    "their_moderator": ASKS,
    "employed_moderator": {**ASKS, "hidden": ["restore"]},
    "group_moderator": {**ASKS, "idea": []},  # the forum is not of this group
}


@pytest.mark.parametrize("name", ["seen", "held", "hidden", "gone", "idea"])
@pytest.mark.parametrize("who", TABLE)
def test_each_may_decide_this_and_nothing_else(who, name, cases, request):
    user, case = request.getfixturevalue(who), cases[name]
    allowed = TABLE[who][name]

    seen = Case.objects.moderated_by(user).filter(pk=case.pk).first()
    assert (rules.options(user, seen) if seen else []) == allowed
    if seen is None:
        return
    for what in set(ALL) - set(allowed):
        with pytest.raises(PermissionDenied):
            deciding.decide(seen, user, what, seen=seen.turn, reason="spam", words="Words.")
    for what in allowed[-1:]:
        reason = "court" if what == "reject" else "spam"
        assert deciding.decide(seen, user, what, seen=seen.turn, reason=reason, words="Words.").what == what


@pytest.mark.parametrize("who", ["mod", "admin", "their_moderator"])
def test_nobody_decides_about_what_they_wrote(who, say, asha, request):
    user = request.getfixturevalue(who)
    case = reporting.report(say(user), asha, "spam").case

    assert rules.options(user, case) == []
    with pytest.raises(PermissionDenied):
        deciding.decide(case, user, "approve", seen=0)


def test_a_moderator_above_an_institution_asks_as_well(education, say, asha, bilal, make_discussion):
    board = Institution.objects.create(code="board", name="The board", parent=education)
    user = person("above", is_staff=True)
    Post.objects.create(person=user, role=Post.Role.MODERATOR, institution=education)
    case = reporting.report(say(bilal, activity=make_discussion("exams", institution=board)), asha, "spam").case

    assert rules.options(user, case) == ["approve", "ask", "escalate"]


def test_what_was_asked_a_moderator_of_the_platform_decides(cases, their_moderator, mod):
    deciding.decide(cases["seen"], their_moderator, "ask", seen=0, reason="spam")

    assert rules.options(their_moderator, Case.objects.get(pk=cases["seen"].pk)) == ["approve", "escalate"]
    assert deciding.decide(cases["seen"], mod, "hide", seen=1, reason="spam").by == mod


@pytest.mark.parametrize(
    ("who", "enters"),
    [
        ("asha", False), ("meera", False), ("volunteer", False),
        ("mod", True), ("admin", True), ("their_moderator", True), ("group_moderator", True),
    ],
)  # fmt: skip
def test_the_desk_is_for_those_who_moderate(who, enters, client, request, db):
    client.force_login(request.getfixturevalue(who))

    assert client.get("/moderation/").status_code == (200 if enters else 404)
    assert ('href="/moderation/"' in client.get("/community-rules-that-are-not-there/").content.decode()) == enters


def test_whoever_is_not_signed_in_comes_back_after_it(client, db):
    assert client.get("/moderation/?kind=idea")["Location"] == "/accounts/login/?next=%2Fmoderation%2F%3Fkind%3Didea"


def test_staff_need_a_second_factor_at_the_desk(client, mod, settings):
    settings.STAFF_NEEDS_SECOND_FACTOR = True
    client.force_login(mod)

    assert [client.get(path)["Location"] for path in ("/moderation/", "/hi/moderation/")] == [
        "/accounts/2fa/", "/hi/accounts/2fa/",
    ]  # fmt: skip


def test_what_lies_in_another_ministry_is_not_found(client, other_moderator, say, asha, bilal):
    case = reporting.report(say(bilal, LONG), asha, "spam").case
    client.force_login(other_moderator)

    assert client.get(f"/moderation/{case.pk}/").status_code == 404
    assert client.post(f"/moderation/{case.pk}/decision/", {"seen": 0, "what": "approve"}).status_code == 404
    assert client.get("/moderation/999999/").status_code == 404


# -- handed up, removed by law -------------------------------------------------------------------


def now(case):
    return Case.objects.get(pk=case.pk)


def test_what_is_handed_up_waits_for_the_next_level(cases, their_moderator, mod, admin):
    case = cases["seen"]
    deciding.decide(case, their_moderator, "escalate", seen=0, words="Is this a threat?")
    assert (now(case).level, now(case).closed_at, rules.options(their_moderator, now(case))) == (1, None, [])

    deciding.decide(case, mod, "escalate", seen=1, words="I am not sure either.")
    assert (now(case).level, rules.options(mod, now(case))) == (2, [])
    deciding.decide(case, admin, "approve", seen=2)
    assert (now(case).level, now(case).closed_at is not None) == (0, True)


def test_handing_up_without_words_is_refused(cases, mod):
    with pytest.raises(ValidationError) as refused:
        deciding.decide(cases["seen"], mod, "escalate", seen=0)
    assert (list(refused.value.message_dict), now(cases["seen"]).turn) == (["words"], 0)


def test_removing_names_the_law_and_only_an_administrator_undoes_it(cases, mod, admin):
    case = cases["seen"]
    with pytest.raises(ValidationError) as refused:
        deciding.decide(case, mod, "remove", seen=0)
    assert list(refused.value.message_dict) == ["words"]

    made = deciding.decide(case, mod, "remove", seen=0, words="Order 7 of the district court.")
    assert (made.reason, now(case).standing) == ("illegal", "hidden")
    assert (rules.options(mod, now(case)), rules.options(admin, now(case))) == ([], ["restore"])
