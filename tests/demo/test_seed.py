"""The demo's country has everything it claims, in both languages, and nothing impossible in it."""

from collections import Counter
from datetime import datetime, timedelta

import pytest
from allauth.account.models import EmailAddress
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db.models import Count, DateTimeField, F, Max, Q
from django.utils import timezone
from i18nfield.fields import I18nCharField, I18nTextField

from commons.activities.counters import find_drift
from commons.activities.models import Activity, ActivityChange, Contribution, Disposition, Outcome
from commons.audit.models import Entry, Event
from commons.comments.models import Comment, CommentVote
from commons.directory.models import Institution, Post, Region, Sector
from commons.people.models import User
from discussions.models import Discussion, Idea, IdeaResponse
from groups.models import Group, Membership
from mygov.checks import CAST
from mygov.demo import texts
from mygov.demo.models import OutboxMessage
from mygov.demo.past import tables
from mygov.moderation import second_reviews
from mygov.moderation.models import Appeal, Case, Decision, LearnedFilter, MonthFigures, Report, ReviewShare
from mygov.notifications.models import Notification
from polls import counting, rules
from polls.models import Ballot, Poll
from surveys import checks
from surveys.asking import Sheet
from surveys.models import Answer, Question, Survey

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("country")]

STANDINGS = {choice for choice, _name in Contribution.Standing.choices}


def asha() -> User:
    return User.objects.get(email="asha@example.org")


# -- what there is ----------------------------------------------------------------------------


def test_eight_institutions_stand_as_a_tree_with_two_departments():
    parents = dict(Institution.objects.values_list("code", "parent__code"))

    assert len(parents) == 8
    assert {code: parent for code, parent in parents.items() if parent} == {
        "school-education": "education",
        "higher-education": "education",
    }


def test_all_states_and_the_districts_of_four_are_there():
    states = Region.objects.filter(level="state")
    by_state = dict(Region.objects.filter(level="district").values_list("parent__iso_code").annotate(n=Count("pk")))

    assert states.count() == 36
    assert states.filter(is_union_territory=True).count() == 8
    assert states.exclude(iso_code__regex=r"^IN-[A-Z]{2}$").count() == 0
    assert by_state == {"IN-BR": 38, "IN-KL": 14, "IN-MH": 36, "IN-RJ": 33}


def test_twelve_subjects_and_twelve_groups_with_members():
    assert Sector.objects.count() == 12
    assert Group.objects.visible().count() == 12
    assert Group.objects.filter(member_count=0).count() == 0
    assert dict(Membership.objects.values_list("group").annotate(n=Count("pk"))) == dict(
        Group.objects.values_list("pk", "member_count")
    )


def test_fifteen_discussions_stand_in_every_phase():
    now = timezone.now()
    found = {}
    for activity in Activity.objects.filter(kind="discussions"):
        outcome = "answered" if activity.outcome_at else "waiting"
        if activity.state == Activity.State.PUBLISHED:
            phase = activity.phase(now)
            found[activity.slug] = f"closed, {outcome}" if phase == Activity.Phase.CLOSED else str(phase.value)
        else:
            found[activity.slug] = activity.state

    assert found == {
        "school-meals": "open", "board-exams-twice": "open", "evening-clinics": "open", "district-mental-health": "open",
        "village-water-tests": "open", "open-forum": "open", "school-bags": "closed, answered",
        "river-ghats": "closed, answered", "school-zones": "closed, answered", "crop-loss-claims": "closed, waiting",
        "vaccination-reminders": "closed, waiting", "second-car-fee": "withdrawn", "libraries-on-sundays": "draft",
        "science-in-the-mother-tongue": "in_review", "millets-at-the-ration-shop": "scheduled",
    }  # fmt: skip


def test_one_survey_is_open_and_one_is_answered():
    now = timezone.now()
    surveys = {survey.slug: survey for survey in Survey.objects.all()}

    assert {slug: str(survey.phase(now).value) for slug, survey in surveys.items()} == {
        "way-to-school": "open", "visit-to-the-clinic": "closed", "bus-stop-near-you": "open"
    }  # fmt: skip
    assert surveys["visit-to-the-clinic"].outcome_at
    assert {slug: survey.participant_count for slug, survey in surveys.items()} == {
        "way-to-school": 34,
        "visit-to-the-clinic": 57,
        "bus-stop-near-you": 29,
    }
    for survey in surveys.values():
        assert checks.lacking(Sheet.of(survey)) == []
        assert survey.responses.sent().count() == survey.participant_count
        assert survey.responses.filter(completed_at=None).count() > 0
    kinds = set(Question.objects.values_list("kind", flat=True))
    assert kinds == set(Question.Kind.values)  # each kind can be tried
    assert Answer.objects.filter(counts=False).count() == 0


def test_some_close_soon_some_are_overdue_and_some_wait_in_time():
    now = timezone.now()

    assert [a.slug for a in Discussion.objects.open().filter(closes_at__lt=now + timedelta(days=2))] == [
        "evening-clinics"
    ]
    assert [a.slug for a in Discussion.objects.overdue()] == ["vaccination-reminders"]
    assert {a.slug for a in Discussion.objects.unanswered()} == {"vaccination-reminders", "crop-loss-claims"}


def test_polls_of_every_kind_stand_in_every_phase():
    polls = {poll.slug: poll for poll in Poll.objects.all()}
    every_way = {*Poll.Method.values, "borda", "dowdall"} - {"ranked"}
    for phase in (Poll.objects.open(), Poll.objects.closed()):
        assert {poll.ranking if poll.method == "ranked" else poll.method for poll in phase} == every_way
    assert {poll.slug for poll in Poll.objects.scheduled()} == {"science-fair-month"}
    assert polls["millet-names"].state == "withdrawn"
    assert Ballot.objects.count() == sum(poll.participant_count for poll in polls.values()) > 600
    assert set(Poll.objects.filter(sealed_at__isnull=False)) == set(Poll.objects.closed())
    assert min(poll.participant_count for poll in Poll.objects.closed()) >= rules.FEWEST
    assert counting.read(polls["exam-fee"].pk)["all"][0, 0] == 131


def test_every_way_of_talking_is_there():
    assert {a.slug for a in Activity.objects.filter(conversation="sides")} == {"board-exams-twice"}
    assert {a.slug for a in Activity.objects.filter(comment_limit=4000)} == {"district-mental-health"}
    assert {d.slug for d in Discussion.objects.filter(is_forum=True)} == {"open-forum"}
    sides = Comment.objects.filter(activity__slug="board-exams-twice")
    assert set(sides.values_list("stance", flat=True)) == {-1, 1}
    assert sides.exclude(parent=None).count() == 0
    long = Comment.objects.filter(activity__slug="district-mental-health")
    assert max(len(comment.body) for comment in long) > 1000


def test_several_hundred_comments_in_both_languages_with_threads_and_votes():
    comments = Comment.objects.all()
    languages = Counter(comments.values_list("language", flat=True))

    assert comments.count() > 400
    assert set(languages) == {"en", "hi"}
    assert min(languages.values()) > 150
    assert comments.filter(activity__slug="school-meals").visible().count() >= 150
    assert set(comments.values_list("depth", flat=True)) == {0, 1, 2, 3}
    assert comments.filter(as_institution__isnull=False).count() > 10
    assert comments.filter(pinned_at__isnull=False).values("activity").distinct().count() >= 4
    assert CommentVote.objects.filter(value=1).count() > 1500
    assert CommentVote.objects.filter(value=-1).count() > 200


def test_nobody_says_in_a_thread_what_was_said_there_already():
    written = Comment.objects.exclude(body="")
    twice = written.values("activity", "body").annotate(n=Count("pk")).filter(n__gt=1)

    assert list(twice) == []


def test_comments_stand_in_every_state():
    assert set(Comment.objects.values_list("state", flat=True)) == set(Comment.State.values)
    assert (
        Comment.objects.filter(state__in=["held", "hidden"]).filter(Q(state_reason="") | Q(state_words="")).count() == 0
    )


def test_contributions_have_every_standing_and_dispositions_too():
    assert set(Disposition.objects.values_list("standing", flat=True)) == STANDINGS
    assert set(Contribution.objects.values_list("standing", flat=True)) == STANDINGS


def test_every_marked_comment_got_its_answer():
    """None is written after the answer it was meant for."""
    for path in texts.TEXTS.glob("*.txt"):
        if path.with_suffix(".toml").exists():
            activity = Activity.objects.get(slug=path.stem)
            marked = [said for said in everything(texts.conversation(path.read_text())) if "answer" in said.tags]
            answered = Disposition.objects.filter(activity=activity, contribution__kind="comment")
            assert answered.values("contribution").distinct().count() == len(marked), path.stem


def everything(roots):
    for said in roots:
        yield said
        yield from everything(said.replies)


def test_changes_after_opening_are_in_the_public_log_with_a_reason():
    changes = {(c.activity.slug, c.field) for c in ActivityChange.objects.exclude(reason="").select_related("activity")}

    assert changes == {
        ("village-water-tests", "closes_at"), ("village-water-tests", "body"), ("evening-clinics", "summary")
    }  # fmt: skip


def test_ideas_stand_in_every_state_and_one_has_a_written_answer_with_points():
    assert set(Idea.objects.values_list("state", flat=True)) == set(Idea.State.values)
    answered = IdeaResponse.objects.get()
    assert answered.published_at
    assert answered.points.count() == 3
    assert answered.idea.contribution.standing == "adopted"
    assert {idea.title for idea in Idea.objects.to_answer().filter(answer_due__lt=timezone.now().date())} == {
        "पेंशन का जीवन प्रमाण पत्र डाकिया घर पर ही ले"
    }
    assert Idea.objects.to_answer().filter(answer_due__gt=timezone.now().date()).count() == 1


def test_a_moderator_has_something_to_do_and_has_done_something():
    reported = Case.objects.waiting().filter(report_count__gt=0)
    held = Case.objects.waiting().filter(Q(comment__state="held") | Q(idea__state="held"))
    ideas = Case.objects.waiting().filter(idea__state__in=["sponsored", "flagged", "dormant"])

    assert (reported.count(), held.count(), ideas.count()) == (28, 6, 3)
    assert (Appeal.objects.waiting().count(), Case.objects.waiting().filter(level=2).count()) == (1, 1)
    assert set(Decision.objects.values_list("what", flat=True)) == {
        "approve",
        "hide",
        "reject",
        "flag",
        "park",
        "escalate",
        "restore",
    }
    assert Report.objects.filter(upheld=True).count() > 0


def test_past_months_have_decisions_and_second_opinions_to_show():
    months = MonthFigures.objects.filter(institution=None, reason=None)
    assert sum(month.decided for month in months) >= 50
    assert second_reviews.agreement().per_cent is not None
    assert second_reviews.waiting_for(User.objects.get(email="mod@example.org")).count() > 0
    assert ReviewShare.objects.get().per_cent == 5  # from now on chance draws
    assert {(made.language, made.lacks[:22]) for made in LearnedFilter.objects.all()} == {
        ("en", "It needs 200 decisions"), ("hi", "It needs 200 decisions"),
    }  # fmt: skip


# -- languages -----------------------------------------------------------------------------------


def test_every_text_of_an_institution_is_in_both_languages():
    lacking = []
    for model in tables():
        for field in model._meta.local_concrete_fields:
            if isinstance(field, I18nCharField | I18nTextField) and not model._meta.label.endswith("Event"):
                for row in model.objects.all():
                    value = getattr(row, field.name)
                    data = getattr(value, "data", None)
                    if not data and field.blank:
                        continue
                    if not (isinstance(data, dict) and data.get("en") and texts.DEVANAGARI.search(data.get("hi", ""))):
                        lacking.append((model.__name__, row.pk, field.name))

    assert lacking == []


def test_answers_to_a_comment_are_in_the_language_it_was_written_in():
    asked = Disposition.objects.exclude(words="").select_related("contribution")
    wrong = [row.pk for row in asked if texts.language_of(row.words) != row.contribution.language]

    assert wrong == []


# -- nothing impossible --------------------------------------------------------------------------


def test_counters_agree_with_their_rows():
    assert find_drift() == []
    supported = dict(Idea.objects.annotate(n=Count("supports")).values_list("pk", "n"))
    assert supported == dict(Idea.objects.values_list("pk", "support_count"))


def test_only_what_is_planned_lies_ahead_and_everything_else_behind():
    now = timezone.now()
    ahead = {
        (model._meta.model_name, field.name)
        for model in tables()
        for field in model._meta.local_concrete_fields
        if isinstance(field, DateTimeField) and (model.objects.aggregate(m=Max(field.name))["m"] or now) > now
    }

    planned = {"closes_at", "opens_at", "promise_by", "due_at", "next_try_at"}  # the last: of mails that were sent
    assert {(model, name) for model, name in ahead if name not in planned} == set()
    assert Activity.objects.filter(closes_at__gt=now + timedelta(days=100)).count() == 0
    assert Activity.objects.filter(promise_by__gt=now + timedelta(days=120)).count() == 0
    assert Case.objects.exclude(due_at__gt=F("opened_at")).count() == 0
    assert Case.objects.filter(due_at__gt=F("opened_at") + timedelta(days=11)).count() == 0


def test_the_past_reaches_back_for_months_and_up_to_today():
    moments = Comment.objects.order_by("created_at").values_list("created_at", flat=True)

    assert moments.first() < timezone.now() - timedelta(days=100)
    assert moments.last() > timezone.now() - timedelta(days=2)


def test_numbers_and_moments_agree():
    for model, moment in ((Comment, "created_at"), (Entry, "at"), (Event, "at"), (Notification, "created_at")):
        moments = list(model.objects.order_by("pk").values_list(moment, flat=True))
        assert moments == sorted(moments), model


def test_citizens_spoke_only_while_it_was_open_and_replied_only_to_what_was_there():
    citizens = Comment.objects.filter(as_institution=None)

    assert citizens.filter(created_at__lt=F("activity__opens_at")).count() == 0
    assert citizens.filter(created_at__gt=F("activity__closes_at")).count() == 0
    assert citizens.filter(created_at__lte=F("parent__created_at")).count() == 0


def test_a_life_runs_in_order():
    published = Activity.objects.exclude(published_at=None)

    assert published.exclude(created_at__lt=F("submitted_at"), submitted_at__lt=F("published_at")).count() == 0
    assert published.exclude(opens_at__gte=F("published_at")).count() == 0
    assert published.filter(approver=F("author")).count() == 0
    assert Outcome.objects.exclude(published_at__gt=F("activity__closes_at")).count() == 0
    assert Outcome.objects.exclude(published_at=F("activity__outcome_at")).count() == 0
    assert Disposition.objects.filter(at__lt=F("contribution__created_at")).count() == 0


def test_versions_and_audit_entries_lie_in_the_past_too():
    """Triggers stamp versions with the start of the transaction: each must have got its own moment."""
    versions = apps.get_model("activities", "ActivityEvent").objects.filter(pgh_obj__slug="school-bags")
    moments = list(versions.order_by("pgh_id").values_list("pgh_created_at", flat=True))

    assert moments == sorted(moments)
    assert moments[0] < timezone.now() - timedelta(days=90)
    said = Entry.objects.get(verb="activity.publish", label__startswith="How heavy").after["opens_at"]
    opened = Activity.objects.get(slug="school-bags").opens_at
    assert abs(datetime.fromisoformat(said) - opened) < timedelta(seconds=1)


def test_the_public_log_shows_moments_of_the_story():
    extended = ActivityChange.objects.get(field="closes_at")

    assert extended.after == Activity.objects.get(slug="village-water-tests").closes_at.isoformat()


def test_everybody_who_has_to_hear_has_heard():
    assert Event.objects.filter(told_at=None).count() == 0
    assert Event.objects.exclude(error="").count() == 0
    assert OutboxMessage.objects.count() > 20
    assert set(OutboxMessage.objects.values_list("recipient", flat=True)) <= set(CAST)


# -- the cast --------------------------------------------------------------------------------


def test_the_cast_signs_in_and_nobody_else():
    people = {user.email: user for user in User.objects.filter(email__in=CAST)}

    assert set(people) == set(CAST)
    assert all(user.check_password("mygov-demo") for user in people.values())
    assert set(EmailAddress.objects.filter(verified=True).values_list("email", flat=True)) == set(CAST)
    assert [user for user in User.objects.exclude(email__in=CAST) if user.has_usable_password()] == []
    assert User.objects.exclude(email__endswith="@example.org").count() == 0


def test_the_cast_holds_its_posts():
    posts = Post.objects.filter(person__email__in=CAST).values_list("person__email", "role", "institution__code")

    assert {(email.partition("@")[0], role, code) for email, role, code in posts} == {
        ("meera", "author", "education"), ("arjun", "approver", "education"), ("dev", "author", "health"),
        ("dev", "approver", "health"), ("mod", "moderator", None),
    }  # fmt: skip
    assert set(User.objects.filter(is_superuser=True).values_list("email", flat=True)) == {"admin@example.org"}


def test_something_waits_for_arjun():
    waiting = Activity.objects.get(state="in_review")

    assert waiting.author.email == "meera@example.org"
    assert Notification.objects.filter(person__email="arjun@example.org", event="submitted", activity=waiting).exists()


def test_asha_finds_answers_of_many_kinds():
    lines = Contribution.objects.filter(person=asha())

    assert set(lines.values_list("standing", flat=True)) >= {
        "received", "read", "adopted", "adopted_in_part", "not_adopted", "referred"
    }  # fmt: skip
    assert set(lines.values_list("kind", flat=True)) == {"comment", "idea", "survey"}
    assert Notification.objects.filter(person=asha(), read_at=None).count() > 10
    assert OutboxMessage.objects.filter(recipient="asha@example.org").exclude(html="").count() > 5


# -- again ------------------------------------------------------------------------------------


def counts():
    return {model._meta.label: model.objects.count() for model in tables()}


def test_if_empty_leaves_a_country_as_it_is():
    before = counts()

    call_command("seed_demo", "--if-empty", verbosity=0)

    assert counts() == before


def test_a_database_with_something_in_it_is_refused():
    with pytest.raises(CommandError, match="not empty"):
        call_command("seed_demo", verbosity=0)


def test_outside_the_demo_it_refuses(settings):
    settings.DEMO = False

    with pytest.raises(CommandError, match="demo mode only"):
        call_command("seed_demo", "--if-empty", verbosity=0)
