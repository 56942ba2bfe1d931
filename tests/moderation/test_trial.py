"""Weights add up; a changed rule is tried on past texts before it is saved, and each decision keeps which rules held."""

from datetime import timedelta

import pytest
from django.utils import timezone

from commons.activities.models import Contribution
from commons.comments.models import Comment
from mygov.moderation import deciding, trial
from mygov.moderation.models import Case, Decision, ScreeningRule
from mygov.moderation.screening import AboutToShow, screen
from tests.moderation.conftest import LONG

pytestmark = pytest.mark.django_db
THREE_LINKS = "See a.in and b.in and c.in for a very good offer."
LIST = "/admin/moderation/screeningrule/"


def rule(kind, **fields):
    found = ScreeningRule.objects.get(kind=kind)
    for name, value in fields.items():
        setattr(found, name, value)
    return found


def set_rules(**weights):
    for kind, weight in weights.items():
        ScreeningRule.objects.filter(kind=kind).update(weight=weight)


# -- weights -------------------------------------------------------------------------------------


def test_a_rule_of_half_the_weight_holds_only_together_with_another(newcomer, say, bilal):
    set_rules(links=5, duplicates=5)
    assert screen(THREE_LINKS, newcomer) == []

    say(bilal, THREE_LINKS)
    assert [(f.code, f.rule, f.version, f.weight) for f in screen(THREE_LINKS, newcomer)] == [
        ("spam", "links", 1, 5), ("duplicate", "duplicates", 1, 5),
    ]  # fmt: skip


def test_a_case_and_each_decision_keep_the_versions_of_the_rules(newcomer, write, mod, admin):
    changed = rule("links", threshold=1)
    changed.change(admin)
    comment = write(newcomer, THREE_LINKS)
    found = [{
        "rule": "links", "version": 2, "weight": 10, "words": "It has 3 links; a new account may set 1 link.",
    }]  # fmt: skip
    case = Case.objects.get(comment=comment)
    deciding.decide(case, mod, "approve", seen=0)
    changed.threshold = 7
    changed.change(admin)

    assert (case.findings, Decision.objects.get().findings) == (found, found)


def test_an_idea_keeps_them_too(newcomer, bring):
    bring(newcomer, detail="https://a.example https://b.example https://c.example")

    assert [(one["rule"], one["version"]) for one in Case.objects.get().findings] == [("links", 1)]


def test_what_people_reported_has_no_rule(say, bilal, regular):
    from mygov.moderation import reporting

    comment = say(bilal)
    for name in ("t1", "t2"):
        reporting.report(comment, regular(name), "spam")

    assert (Case.objects.get().standing, Case.objects.get().findings) == ("held", [])


# -- past texts ----------------------------------------------------------------------------------


@pytest.fixture
def past(newcomer, known, write, say, mod):
    """Of a new account: three texts that were held (hidden, approved, undecided) and one that showed. And others'."""
    texts = [write(newcomer, f"{THREE_LINKS} {n}") for n in ("one", "two words", "and three words")]
    ScreeningRule.objects.filter(kind="duplicates").update(enabled=False)
    deciding.decide(texts[0].case, mod, "approve", seen=0)
    deciding.decide(texts[1].case, mod, "hide", seen=0, reason="spam")
    texts.append(write(newcomer, "Only d.in here"))
    rita = known("rita")
    return [*texts, say(rita, THREE_LINKS)]


def test_what_the_rules_in_force_held_is_counted_with_what_became_of_it(past):
    tried = trial.run(rule("links"))

    assert (tried.looked_at, tried.held_now, tried.held) == (8, 3, 3)
    assert (tried.hidden, tried.approved, tried.undecided) == (1, 1, 1)
    assert (tried.more, tried.fewer) == ([], [])


def test_a_stricter_rule_shows_what_it_would_hold_besides(past):
    tried = trial.run(rule("links", threshold=0))

    assert (tried.held_now, tried.held, tried.more_count) == (3, 4, 1)
    assert [(row.text.id, [f.words for f in row.why]) for row in tried.more] == [
        (past[3].pk, ["It has 1 links; a new account may set 0 links."])
    ]


@pytest.mark.parametrize("change", [{"threshold": 9}, {"weight": 5}, {"enabled": False}])
def test_a_milder_rule_shows_what_it_would_let_go(past, change):
    tried = trial.run(rule("links", **change))

    assert (tried.held, tried.fewer_count, tried.more_count) == (0, 3, 0)
    assert [row.text.id for row in tried.fewer] == [past[2].pk, past[1].pk, past[0].pk]


def test_words_are_tried_on_everybody(past):
    assert trial.run(rule("words", words="very good offer")).more_count == 1


def test_who_was_new_then_is_reckoned_as_of_then(newcomer, say):
    """They are known by now; their first texts were a new account's."""
    type(newcomer).objects.update(joined_at=timezone.now() - timedelta(days=30))
    for n in range(5):
        comment = say(newcomer, f"{THREE_LINKS} {n}")
        moment = timezone.now() - timedelta(days=10 - n)
        Comment.objects.filter(pk=comment.pk).update(created_at=moment)
        Contribution.objects.filter(pk=comment.contribution_id).update(created_at=moment)

    assert [text.is_new for text in trial.newest()] == [False, False, True, True, True]


def test_velocity_and_personal_numbers_are_found_in_the_past(newcomer, write):
    for n in range(6):
        write(newcomer, f"My number is 98765 4321{n}")

    found = trial.newest()
    assert [text.in_a_row for text in found] == [5, 4, 3, 2, 1, 0]
    assert {text.masked for text in found} == {True}


def test_a_past_text_is_as_alike_as_it_was_when_it_was_about_to_show(newcomer, bilal, say):
    say(bilal, LONG)
    text = LONG.replace("water", "clean water") + " Please help."
    now = AboutToShow(text, newcomer, set(), None).alike
    say(newcomer, text)

    assert trial.newest()[0].alike == pytest.approx(now, abs=0.01)
    assert 50 < now < 100


def test_trying_a_thousand_texts_asks_for_rules_texts_and_filters_once_each(past, django_assert_num_queries):
    stricter = rule("links", threshold=0)
    with django_assert_num_queries(3):
        trial.run(stricter)


# -- the page ------------------------------------------------------------------------------------


def test_trying_shows_what_comes_out_and_saves_nothing(client, admin, past):
    links = rule("links")
    client.force_login(admin)
    form = client.get(f"{LIST}{links.pk}/change/").content.decode()
    page = client.post(f"{LIST}{links.pk}/trial/", {"enabled": "on", "threshold": 0, "weight": 10}).content.decode()

    assert f'formaction="{LIST}{links.pk}/trial/"' in form
    assert "With these values 4 of the last 8 texts would have been held." in page
    assert ("By the rules in force it would have been 3." in page, "Only d.in here" in page) == (True, True)
    assert ('name="threshold" value="0"' in page, f'formaction="{LIST}{links.pk}/change/"' in page) == (True, True)
    links.refresh_from_db()
    assert (links.threshold, links.version) == (2, 1)


def test_what_cannot_be_is_said_beside_the_field(client, admin):
    links = rule("links")
    client.force_login(admin)
    answer = client.post(f"{LIST}{links.pk}/trial/", {"enabled": "on", "threshold": "many", "weight": 11})

    assert (answer.status_code, "many" in answer.content.decode()) == (422, True)
    assert sorted(answer.context["errors"]) == ["threshold", "weight"]


def test_the_address_alone_leads_to_the_form(client, admin):
    links = rule("links")
    client.force_login(admin)

    assert client.get(f"{LIST}{links.pk}/trial/").headers["Location"] == f"{LIST}{links.pk}/change/"


@pytest.mark.parametrize(("who", "status"), [("meera", 404), ("mod", 404), ("asha", 302)])
def test_nobody_else_tries(client, who, status, request):
    client.force_login(request.getfixturevalue(who))

    assert client.post(f"{LIST}{rule('links').pk}/trial/", {"threshold": 0}).status_code == status


def test_a_weight_above_ten_is_refused_by_the_database():
    from django.db import IntegrityError, transaction

    with pytest.raises(IntegrityError), transaction.atomic():
        ScreeningRule.objects.update(weight=11)
