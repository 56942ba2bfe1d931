"""What may be said, by whom, until when. The database's clock decides."""

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError

from commons.activities.models import Activity, Contribution
from commons.audit.models import Event
from commons.comments import screening, writing
from commons.comments.models import Comment
from commons.comments.refused import Refused
from commons.directory.models import Region
from commons.people.models import User
from groups.models import Membership
from tests.comments.conftest import set_window

State = Comment.State


def test_a_comment_has_its_text_its_safe_html_its_ledger_line_and_counts(say, asha, discussion) -> None:
    comment = say("Give **eggs** twice a week.")

    discussion.refresh_from_db()
    line = comment.contribution
    assert (comment.body, comment.body_html) == (
        "Give **eggs** twice a week.",
        "<p>Give <strong>eggs</strong> twice a week.</p>\n",
    )
    assert (comment.author, comment.depth, comment.parent, comment.root, comment.state) == (
        asha,
        0,
        None,
        None,
        "visible",
    )
    assert (line.person, line.activity_id, line.kind, line.excerpt) == (asha, discussion.pk, "comment", comment.body)
    assert Contribution.objects.get(pk=line.pk).path == f"/comments/{comment.pk}/"
    assert (discussion.comment_count, discussion.participant_count) == (1, 1)
    assert Event.objects.filter(name="commented", target_id=comment.pk).count() == 1


@pytest.mark.parametrize(("limit", "text"), [(1000, "a" * 1000), (4000, "ख" * 4000), (1000, "🏏" * 1000)])
def test_the_longest_text_is_counted_in_characters(say, make_discussion, limit, text) -> None:
    comment = say(text, activity=make_discussion("long", comment_limit=limit))

    assert comment.body == text


@pytest.mark.parametrize(("limit", "text"), [(1000, "a" * 1001), (4000, "ख" * 4001), (1000, "क\u0958" * 400)])
def test_one_character_more_is_refused_and_said(say, make_discussion, limit, text) -> None:
    # The last case: 800 signs as typed, 1,200 once they are in the one normal form that is stored.
    with pytest.raises(ValidationError) as refused:
        say(text, activity=make_discussion("long", comment_limit=limit))

    assert refused.value.code == "long"
    assert Comment.objects.count() == 0


def test_what_cleaning_takes_away_does_not_count(say) -> None:
    text = "  " + "a\x00" * 1000 + "\r\n\r\n "

    assert say(text).body == "a" * 1000


@pytest.mark.parametrize("text", ["", " \n\t ", "\x00\x00", "\ud83d", "\u202e\u2066", "\u200c\u200d", "\ue000"])
def test_a_text_of_nothing_one_can_see_is_empty(say, text) -> None:
    with pytest.raises(ValidationError) as refused:
        say(text)

    assert refused.value.code == "empty"


def test_null_bytes_lone_surrogates_and_overrides_are_taken_out(say) -> None:
    comment = say("Toi\x00lets \ud800are \u202eclean\u202c\r\nevery day")

    comment.refresh_from_db()
    assert comment.body == "Toilets are clean\nevery day"


def test_joiners_that_hindi_is_written_with_stay(say) -> None:
    assert say("क्\u200dष और शक्\u200cति").body == "क्\u200dष और शक्\u200cति"


def test_personal_numbers_are_hidden_before_anything_is_stored(say) -> None:
    comment = say("Call 98765 43210, mail asha@example.org, Aadhaar 2341 2341 2346, PAN ABCPE1234F")

    assert comment.body == "Call ••••10, mail •••, Aadhaar ••••46, PAN ••••4F"
    assert "98765" not in comment.body_html + comment.contribution.excerpt


@pytest.mark.parametrize(
    ("text", "language"),
    [("Clean toilets", "en"), ("साफ़ शौचालय", "hi"), ("साफ़ शौचालय, please", "hi"), ("12 + 30 = 42", "en")],
)
def test_a_text_is_marked_with_the_language_of_its_script(say, text, language) -> None:
    assert say(text).language == language


def test_a_double_click_is_one_comment(say, discussion) -> None:
    first, second = say("Once is enough"), say("Once is enough")

    discussion.refresh_from_db()
    assert second == first
    assert (Comment.objects.count(), Contribution.objects.count(), discussion.comment_count) == (1, 1, 1)


def test_a_double_click_on_what_is_held_is_one_comment(say) -> None:
    def everything(**asked: object) -> list[screening.Finding]:
        return [screening.Finding("spam", "It has links.")]

    screening.asked.connect(everything)
    try:
        first, second = say("Look here"), say("Look here")
    finally:
        screening.asked.disconnect(everything)

    assert second == first
    assert (first.state, first.state_reason, first.state_words) == (State.HELD, "spam", "It has links.")


def test_the_same_words_by_somebody_else_elsewhere_or_later_are_said_again(say, bilal, make_discussion) -> None:
    first = say("I agree")
    others = [
        say("I agree", by=bilal),
        say("I agree", activity=make_discussion("other")),
        say("I agree", to=first),
    ]
    Comment.objects.update(created_at=first.created_at.replace(year=2020))
    others.append(say("I agree"))

    assert len({first, *others}) == 5


# -- who and when ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("opens", "closes", "code"),
    [
        ("-1 hour", "-1 second", "closed"),
        ("+1 hour", "+2 hours", "scheduled"),
        ("-1 hour", "+1 hour", None),
        ("-1 hour", None, None),
    ],
)
@pytest.mark.parametrize("year", [2001, 2026, 2090])
def test_the_databases_clock_decides_whatever_pythons_says(say, discussion, opens, closes, code, year) -> None:
    set_window(discussion, opens, closes)

    with time_machine.travel(f"{year}-06-01T12:00:00Z", tick=True):
        if code is None:
            assert say("In time").state == State.VISIBLE
        else:
            with pytest.raises(Refused) as refused:
                say("Out of time")
            assert refused.value.code == code


def test_a_close_that_came_while_the_page_was_open_counts(say, discussion) -> None:
    as_it_was = Activity.objects.get(pk=discussion.pk)
    set_window(discussion, "-1 hour", "-1 second")

    with pytest.raises(Refused) as refused:
        say("I did not know", activity=as_it_was)

    assert refused.value.code == "closed"


@pytest.mark.parametrize("state", [Activity.State.DRAFT, Activity.State.IN_REVIEW, Activity.State.WITHDRAWN])
def test_what_is_not_published_takes_no_comments(say, make_discussion, state) -> None:
    with pytest.raises(Refused) as refused:
        say("Hello", activity=make_discussion("not-now", state=state))

    assert refused.value.code == "not_published"


def test_an_activity_that_asks_for_a_verification_gets_it(say, asha, make_discussion) -> None:
    strict = make_discussion("strict", min_level=User.Level.NATIONAL_ID)
    with pytest.raises(Refused) as refused:
        say("Let me", activity=strict)
    User.objects.filter(pk=asha.pk).update(level=User.Level.NATIONAL_ID)
    asha.refresh_from_db()

    assert refused.value.code == "level"
    assert say("Let me", activity=strict).state == State.VISIBLE


def test_only_members_where_only_members_take_part(say, asha, group, make_discussion) -> None:
    inside = make_discussion("inside", group=group, members_only=True)
    with pytest.raises(Refused) as refused:
        say("Let me", activity=inside)
    Membership.objects.create(group=group, person=asha)

    assert refused.value.code == "members"
    assert say("Let me", activity=inside).state == State.VISIBLE


def test_only_residents_where_only_residents_take_part(say, asha, make_discussion) -> None:
    bihar = Region.objects.create(lgd_code=10, level=Region.Level.STATE, name="Bihar")
    there = make_discussion("there", residents_only=True)
    there.regions.add(bihar)
    with pytest.raises(Refused) as refused:
        say("Let me", activity=there)
    asha.state = bihar
    asha.save()

    assert refused.value.code == "residents"
    assert say("Let me", activity=there).state == State.VISIBLE


# -- how people talk ---------------------------------------------------------------------------------------------------


@pytest.fixture
def sides(make_discussion) -> Activity:
    return make_discussion("sides", conversation=Activity.Conversation.SIDES)


@pytest.mark.parametrize("stance", [1, -1])
def test_for_and_against_asks_which(say, sides, stance) -> None:
    assert say("My reason", activity=sides, stance=stance).stance == stance


@pytest.mark.parametrize("stance", [0, 2, -2])
def test_for_and_against_takes_nothing_else(say, sides, stance) -> None:
    with pytest.raises(Refused) as refused:
        say("My reason", activity=sides, stance=stance)

    assert refused.value.code == "stance"


def test_for_and_against_has_no_replies(say, sides) -> None:
    point = say("A point", activity=sides, stance=1)

    with pytest.raises(Refused) as refused:
        say("You are wrong", to=point, stance=-1)

    assert refused.value.code == "no_replies"


def test_a_thread_has_no_sides(say) -> None:
    with pytest.raises(Refused) as refused:
        say("I am for it", stance=1)

    assert refused.value.code == "stance"


def test_where_there_is_no_conversation_nobody_speaks(say, make_discussion) -> None:
    with pytest.raises(Refused) as refused:
        say("Hello?", activity=make_discussion("quiet", conversation=Activity.Conversation.NONE))

    assert refused.value.code == "no_conversation"


# -- officials ---------------------------------------------------------------------------------------------------------


def test_an_official_answers_in_the_name_of_the_institution_also_after_the_close(
    say, meera, education, discussion
) -> None:
    question = say("When?")
    set_window(discussion, "-1 hour", "-1 second")

    answer = say("In June.", by=meera, to=question, as_institution=education)

    assert (answer.as_institution, answer.state) == (education, State.VISIBLE)


def test_an_official_speaking_for_themselves_is_bound_by_the_close(say, meera, discussion) -> None:
    set_window(discussion, "-1 hour", "-1 second")

    with pytest.raises(Refused):
        say("Me too", by=meera)


def test_nobody_else_speaks_for_the_institution(say, asha, dev, mod, education) -> None:
    for person in (asha, dev, mod):
        with pytest.raises(PermissionDenied):
            say("Officially", by=person, as_institution=education)

    assert Comment.objects.count() == 0


def test_an_official_answer_is_not_held(say, meera, education) -> None:
    def everything(**asked: object) -> list[screening.Finding]:
        return [screening.Finding("spam", "It has links.")]

    screening.asked.connect(everything)
    try:
        assert say("See our page.", by=meera, as_institution=education).state == State.VISIBLE
        assert say("See my page.", by=meera).state == State.HELD
    finally:
        screening.asked.disconnect(everything)


def test_an_answer_to_what_has_gone_meanwhile_is_refused(say, asha, bilal) -> None:
    root = say("I will regret this")
    writing.remove(root, asha)

    with pytest.raises(Refused) as refused:
        say("No, you are right", by=bilal, to=root)

    assert refused.value.code == "gone"


def test_an_answer_to_a_comment_elsewhere_is_refused(say, make_discussion) -> None:
    elsewhere = say("There", activity=make_discussion("elsewhere"))

    with pytest.raises(Refused) as refused:
        say("Here", to=elsewhere, activity=make_discussion("here"))

    assert refused.value.code == "gone"
