"""From a draft to its outcome: each verb asks who, refuses what is out of order, records, and twice is once."""

from datetime import timedelta

import pytest
from django.apps import apps
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from i18nfield.strings import LazyI18nString

from commons.activities import lifecycle
from commons.activities.models import Activity, ActivityChange, Outcome
from commons.audit.models import Entry, Event
from discussions.models import Discussion

State = Activity.State


@pytest.fixture
def draft(make_discussion, meera) -> Discussion:
    return make_discussion("draft", state=State.DRAFT, author=meera, published_at=None, opens_at=None)


@pytest.fixture
def submitted(draft, meera) -> Discussion:
    lifecycle.submit_for_review(draft, meera)
    draft.refresh_from_db()
    return draft


@pytest.fixture
def running(discussion) -> Discussion:
    return discussion


def verbs(activity) -> list[str]:
    return list(Entry.objects.filter(activity_id=activity.pk).order_by("id").values_list("verb", flat=True))


def test_the_author_submits_and_approvers_are_told_once(draft, meera):
    lifecycle.submit_for_review(draft, meera)
    lifecycle.submit_for_review(draft, meera)

    draft.refresh_from_db()
    assert draft.state == State.IN_REVIEW
    assert verbs(draft) == ["activity.submit"]
    assert list(Event.objects.values_list("name", "target_id")) == [("submitted", draft.pk)]


@pytest.mark.parametrize("who", ["asha", "dev", "mod"])
def test_others_do_not_submit(draft, who, request):
    with pytest.raises(PermissionDenied):
        lifecycle.submit_for_review(draft, request.getfixturevalue(who))


@pytest.mark.parametrize("field", ["title", "summary", "promise"])
@pytest.mark.parametrize("language", ["en", "hi"])
def test_what_lacks_a_language_is_not_submitted(draft, meera, field, language):
    data = {"en": "English", "hi": "हिन्दी", language: ""}
    setattr(draft, field, LazyI18nString(data))
    draft.save()

    with pytest.raises(ValidationError):
        lifecycle.submit_for_review(draft, meera)
    draft.refresh_from_db()
    assert draft.state == State.DRAFT


def test_what_would_close_in_the_past_is_not_submitted(draft, meera):
    Activity.objects.filter(pk=draft.pk).update(closes_at=timezone.now() - timedelta(minutes=1))

    with pytest.raises(ValidationError):
        lifecycle.submit_for_review(draft, meera)


def test_somebody_else_approves_and_it_is_public_at_once(submitted, arjun):
    lifecycle.publish(submitted, arjun)
    lifecycle.publish(submitted, arjun)

    submitted.refresh_from_db()
    assert (submitted.state, submitted.approver) == (State.PUBLISHED, arjun)
    assert submitted.opens_at == submitted.published_at
    assert list(Activity.objects.published()) == [Activity.objects.get(pk=submitted.pk)]
    assert verbs(submitted) == ["activity.submit", "activity.publish"]


def test_approved_for_later_it_opens_then(submitted, arjun):
    later = timezone.now() + timedelta(days=2)

    lifecycle.publish(submitted, arjun, later)

    submitted.refresh_from_db()
    assert (submitted.published_at, submitted.opens_at) == (later, later)
    assert not Activity.objects.published().exists()
    assert list(Activity.objects.published(later).values_list("pk", flat=True)) == [submitted.pk]


def test_the_author_does_not_approve_their_own_even_as_an_approver(draft, arjun):
    draft.author = arjun
    draft.save()
    lifecycle.submit_for_review(draft, arjun)

    with pytest.raises(PermissionDenied):
        lifecycle.publish(draft, arjun)


def test_the_database_refuses_an_approver_who_is_the_author(draft, meera):
    with pytest.raises(IntegrityError), transaction.atomic():
        Activity.objects.filter(pk=draft.pk).update(approver=meera)


@pytest.mark.parametrize("who", ["meera", "dev", "mod", "asha"])
def test_who_does_not_approve_does_not_publish(submitted, who, request):
    with pytest.raises(PermissionDenied):
        lifecycle.publish(submitted, request.getfixturevalue(who))


def test_it_comes_back_with_a_note(submitted, arjun):
    with pytest.raises(ValidationError):
        lifecycle.return_to_author(submitted, arjun, "  ")
    lifecycle.return_to_author(submitted, arjun, "Name the districts.")

    submitted.refresh_from_db()
    assert (submitted.state, submitted.review_note) == (State.DRAFT, "Name the districts.")


def test_withdrawn_it_stays_readable_and_says_why(running, arjun, client):
    lifecycle.withdraw(running, arjun, "The question was wrong.")
    lifecycle.withdraw(running, arjun, "Again.")

    running.refresh_from_db()
    assert (running.state, running.withdrawn_reason) == (State.WITHDRAWN, "The question was wrong.")
    page = client.get(running.get_absolute_url())
    assert page.status_code == 200
    assert "The question was wrong." in page.content.decode()


@pytest.mark.parametrize(
    "act",
    [
        lambda a, by: lifecycle.withdraw(a, by, " "),
        lambda a, by: lifecycle.close_early(a, by, ""),
        lambda a, by: lifecycle.extend(a, by, timezone.now() + timedelta(days=30), " "),
    ],
)
def test_what_citizens_see_does_not_change_without_a_reason(running, arjun, act):
    with pytest.raises(ValidationError):
        act(running, arjun)


def test_an_extension_is_public_with_its_reason(running, arjun):
    before, after = running.closes_at, running.closes_at + timedelta(days=7)

    lifecycle.extend(running, arjun, after, "Floods in three districts.")
    lifecycle.extend(running, arjun, after, "Floods in three districts.")

    running.refresh_from_db()
    change = ActivityChange.objects.get()
    assert running.closes_at == after
    assert (change.field, change.before, change.after, change.reason) == (
        "closes_at", before.isoformat(), after.isoformat(), "Floods in three districts.",
    )  # fmt: skip


def test_it_is_not_extended_to_an_earlier_moment(running, arjun):
    with pytest.raises(ValidationError):
        lifecycle.extend(running, arjun, running.closes_at - timedelta(days=1), "Sooner.")


def test_closed_early_nobody_comments_any_more(running, arjun):
    lifecycle.close_early(running, arjun, "The law was passed.")

    running.refresh_from_db()
    assert running.phase() == Activity.Phase.CLOSED


@pytest.mark.parametrize("who", ["meera", "dev", "asha"])
def test_who_does_not_approve_does_not_steer(running, who, request):
    with pytest.raises(PermissionDenied):
        lifecycle.close_early(running, request.getfixturevalue(who), "Enough.")


def test_a_revision_of_what_is_open_is_public(running, arjun):
    running.title = LazyI18nString({"en": "A clearer title", "hi": "स्पष्ट शीर्षक"})

    with pytest.raises(ValidationError):
        lifecycle.revise(running, arjun, "")
    lifecycle.revise(running, arjun, "Citizens asked what was meant.")

    change = ActivityChange.objects.get()
    assert (change.field, change.after["en"]) == ("title", "A clearer title")
    running.refresh_from_db()
    assert str(running.title) == "A clearer title"


def test_the_change_log_cannot_be_rewritten(running, arjun):
    lifecycle.close_early(running, arjun, "The law was passed.")

    with pytest.raises(Exception, match="Cannot update"), transaction.atomic():
        ActivityChange.objects.update(reason="Nothing happened.")


def test_an_outcome_is_written_by_one_and_published_by_another_once(running, meera, arjun):
    outcome = Outcome(activity=running, headline="Twelve of your points are in the plan.", body="…")
    lifecycle.write_outcome(outcome, meera)
    lifecycle.publish_outcome(outcome, arjun)
    lifecycle.publish_outcome(outcome, arjun)

    outcome.refresh_from_db()
    running.refresh_from_db()
    assert outcome.published_at == running.outcome_at
    assert Event.objects.filter(name="outcome").count() == 1
    with pytest.raises(ValidationError):
        lifecycle.write_outcome(outcome, meera)


def test_nobody_publishes_the_outcome_they_wrote(running, arjun):
    outcome = Outcome(activity=running, headline="Done.", body="…")
    lifecycle.write_outcome(outcome, arjun)

    with pytest.raises(PermissionDenied):
        lifecycle.publish_outcome(outcome, arjun)


def test_an_unpublished_outcome_is_nowhere(running, meera, client):
    outcome = Outcome(activity=running, headline="CANARY headline", body="CANARY body")
    lifecycle.write_outcome(outcome, meera)

    for url in [running.get_absolute_url(), "/", "/impact/", running.institution.get_absolute_url(), "/activities/"]:
        assert "CANARY" not in client.get(url).content.decode()


def test_openings_and_closings_are_told_once(make_discussion):
    make_discussion("opens")
    make_discussion("closed", closes_at=timezone.now() - timedelta(hours=1))

    assert [lifecycle.announce_phases(), lifecycle.announce_phases()] == [3, 0]
    assert sorted(Event.objects.values_list("name", flat=True)) == ["closed", "opened", "opened"]


def test_every_version_of_a_row_is_kept_with_its_author(draft, meera):
    lifecycle.submit_for_review(draft, meera)

    versions = apps.get_model("activities", "ActivityEvent").objects.filter(pgh_obj_id=draft.pk)
    newest = versions.select_related("pgh_context").latest("pgh_id")
    assert (newest.state, newest.pgh_context.metadata["user"]) == (State.IN_REVIEW, meera.pk)
