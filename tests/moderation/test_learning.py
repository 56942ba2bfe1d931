"""The filter learns from decisions, is measured on those it has not seen, explains itself, and is off until it is good."""

import pytest

from commons.activities.models import Contribution
from commons.comments.models import Comment
from mygov.moderation import cases, learning, trial
from mygov.moderation.models import Decision, LearnedFilter, ScreeningRule
from mygov.moderation.screening import screen
from mygov.moderation.words import words_of
from tests.cast import person

pytestmark = pytest.mark.django_db
PLACES = [
    "Pune",
    "Nagpur",
    "Indore",
    "Surat",
    "Patna",
    "Ranchi",
    "Kochi",
    "Salem",
    "Delhi",
    "Agra",
    "Bhopal",
    "Jaipur",
    "Kota",
    "Mysuru",
    "Hubli",
    "Shimla",
]
SPAM = "Instant loan on whatsapp, click now, {place} customers call for cash bonus number {n}"
FINE = "The school in {place} needs a teacher for mathematics and clean water for class {n}"
SPAM_HI = "तुरंत कर्ज पाएँ, {place} के ग्राहक अभी फोन करें और नकद इनाम लें {n}"
FINE_HI = "{place} के विद्यालय में गणित के शिक्षक और साफ पानी चाहिए कक्षा {n}"


def decide_many(discussion, by, author, texts):
    """(text, reason) pairs as comments that were decided: hidden for the reason, approved without one."""
    made = []
    for text, reason in texts:
        line = Contribution.objects.create(activity=discussion, person=author, kind="comment", language="en")
        state = Comment.State.HIDDEN if reason else Comment.State.VISIBLE
        comment = Comment.objects.create(
            activity=discussion, author=author, contribution=line, body=text, body_html="", state=state
        )
        case = cases.open_case(comment, reason or "spam")
        what = Decision.What.HIDE if reason else Decision.What.APPROVE
        made.append(
            Decision(
                case=case, activity_id=discussion.pk, turn=1, by=by, what=what, reason=reason, words="x",
                rules_version="2026-11",
            )
        )  # fmt: skip
    Decision.objects.bulk_create(made)
    return made


def mixed(n, bad=SPAM, good=FINE):
    places = [PLACES[i % len(PLACES)] for i in range(n)]
    return [
        (bad.format(place=place, n=i), "spam") if i % 2 else (good.format(place=place, n=i), "")
        for i, place in enumerate(places)
    ]


@pytest.fixture
def author(db):
    """Of the past texts: somebody else than who writes now."""
    return person("writer")


@pytest.fixture
def learned(discussion, mod, author):
    def make(texts):
        decide_many(discussion, mod, author, texts)
        return learning.train_all()

    return make


def test_with_two_hundred_decisions_it_holds_what_reads_like_what_was_hidden(learned, newcomer):
    [made] = learned(mixed(200))
    found = screen("Get a loan on whatsapp, click and call for your cash", newcomer)

    assert (made.language, made.decisions, made.held_out, made.precision, made.recall, made.lacks) == (
        "en", 200, 40, 1.0, 1.0, "",
    )  # fmt: skip
    assert [(f.code, f.rule, f.weight) for f in found] == [("spam", "learned", 10)]
    assert screen("Our school needs clean water", newcomer) == []


def test_with_one_decision_less_it_is_off_and_says_why(learned, newcomer):
    [made] = learned(mixed(199))

    assert screen("Get a loan on whatsapp, click and call for your cash", newcomer) == []
    assert (made.decisions, made.lacks) == (199, "It needs 200 decisions; there are 199.")


def test_with_few_hidden_ones_it_is_off(learned):
    texts = mixed(300)
    [made] = learned([pair for pair in texts if not pair[1]] + [pair for pair in texts if pair[1]][:19] + texts[::2])

    assert (made.hidden, made.lacks) == (19, "It has too few decisions to learn from.")


def test_when_it_was_wrong_about_what_it_had_not_seen_it_is_off(learned, newcomer):
    """Moderators changed their minds: what was hidden before is approved in the newest fifth."""
    turned = [(text, "" if reason else "spam") for text, reason in mixed(50)]
    [made] = learned(mixed(200) + turned)

    assert (made.held_out, made.found, made.lacks) == (
        50, 0, "It was wrong too often about decisions it had not seen.",
    )  # fmt: skip
    assert screen("Get a loan on whatsapp, click and call for your cash", newcomer) == []


def test_its_measures_are_counted_by_hand(learned):
    """Of the newest ten, two are spam in harmless words and one is harmless in spam's words."""
    unseen = mixed(10)
    unseen[1] = (FINE.format(place="Goa", n=1), "spam")
    unseen[3] = (FINE.format(place="Goa", n=3), "spam")
    unseen[4] = (SPAM.format(place="Goa", n=4), "")
    [made] = learned(mixed(40) + unseen)

    assert (made.held_out, made.found, made.missed, made.wronged, made.passed) == (10, 3, 2, 1, 4)
    assert (made.precision, made.recall) == (0.75, 0.6)


def test_each_language_learns_by_itself(learned, newcomer):
    made = learned(mixed(200) + mixed(60, SPAM_HI, FINE_HI))

    assert [(one.language, one.decisions, bool(one.lacks)) for one in made] == [("en", 200, False), ("hi", 60, True)]
    assert screen("तुरंत कर्ज पाएँ, अभी फोन करें", newcomer) == []


def test_it_names_the_words_that_tell(learned):
    learned(mixed(200))
    hidden = learning.opinion("Instant loan, click for cash")
    shown = learning.opinion("A teacher for the school")

    assert hidden.per_cent > 90
    assert sorted(hidden.words) == ["cash", "click", "instant", "loan"]
    assert shown.per_cent < 10
    assert set(shown.words) <= {"a", "teacher", "the", "school"}
    against, in_favour = learning.top_words(hidden.filter)
    assert {"cash", "loan"} <= set(against)
    assert {"school", "teacher"} & set(in_favour)


def test_harmless_words_around_it_do_not_wash_it_clean():
    bias, weights = learning.learn(
        [learning.Decided(n, frozenset(words_of(text)), reason) for n, (text, reason) in enumerate(mixed(200))]
    )
    padding = " ".join(f"harmless{n}" for n in range(500))
    per_cent, _telling = learning.judged(words_of("instant loan whatsapp click cash bonus " + padding), bias, weights)

    assert per_cent > 90


def test_rare_words_are_not_kept(learned):
    texts = mixed(60)
    texts[1] = (texts[1][0] + " Ramachandran", "spam")
    [made] = learned(texts)

    assert "ramachandran" not in learning.weights_of(made.pk)


def test_it_learns_only_what_words_can_tell_and_the_last_decision(learned, discussion, mod):
    [made] = learned([*mixed(40), (FINE.format(place="Goa", n=1), "duplicate"), ("Not about this", "off_topic")])
    case = Decision.objects.filter(what="hide", reason="spam").first().case
    Decision.objects.create(case=case, activity_id=discussion.pk, turn=2, by=mod, what="restore", rules_version="x")
    [again] = learning.train_all()

    assert [(one.hidden, one.approved) for one in (made, again)] == [(20, 20), (19, 21)]


def test_without_new_decisions_nothing_is_learned_again(learned):
    learned(mixed(20))

    assert (learning.train_all(), LearnedFilter.objects.count()) == ([], 1)


def test_people_who_are_known_here_are_not_held_by_it(learned, known):
    learned(mixed(200))

    assert screen("Get a loan on whatsapp, click and call for your cash", known("rita")) == []


def test_its_rule_can_be_tried_on_past_texts(learned, say, newcomer):
    learned(mixed(200))
    say(newcomer, "Get a loan on whatsapp, click and call for your cash")
    rule = ScreeningRule.objects.get(kind="learned")
    rule.enabled = False
    tried = trial.run(rule)

    # Besides, the past author's first text: they were new when they wrote it.
    assert (tried.fewer[0].text.words, tried.fewer_count) == ("Get a loan on whatsapp, click and call for your cash", 2)


def test_the_desk_shows_what_it_thinks_and_how_right_it_was(client, learned, mod, newcomer, say):
    from mygov.moderation import reporting

    learned(mixed(60))
    case = reporting.report(say(newcomer, "Instant loan, click for cash"), person("other"), "spam").case
    client.force_login(mod)
    page = " ".join(client.get(f"/moderation/{case.pk}/").content.decode().split())

    assert "likely to be hidden" in page
    assert "Of 12 decisions it had not seen it marked 6 (from 90% on), 6 of them rightly; 6 had been hidden." in page
    assert "It is off:" in page


def test_the_admin_shows_it_in_each_language(client, admin, learned):
    learned(mixed(60))
    rule = ScreeningRule.objects.get(kind="learned")
    client.force_login(admin)
    page = " ".join(client.get(f"/admin/moderation/screeningrule/{rule.pk}/change/").content.decode().split())

    assert ("It learned from 60 decisions." in page, "Nothing has been decided in this language yet." in page) == (
        True, True,
    )  # fmt: skip
    assert "Precision 1.00" in page


def test_the_job_trains(learned, discussion, mod, author):
    from mygov.moderation.jobs import train_filters

    decide_many(discussion, mod, author, mixed(20))

    assert train_filters() == 1
