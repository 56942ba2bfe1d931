"""The institution acknowledges, hands on and answers an idea; who may is a sentence each."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from commons.activities.models import Contribution, Disposition
from commons.audit.models import Event
from discussions import idea_answers
from discussions.models import IdeaResponse


def test_an_officer_acknowledges_once(opened, meera):
    idea_answers.acknowledge(opened, meera, "The transport cell looks at it.")
    idea_answers.acknowledge(opened, meera, "Again.")

    opened.refresh_from_db()
    assert opened.acknowledged_at is not None
    assert [d.words for d in Disposition.objects.all()] == ["The transport cell looks at it."]


def test_an_acknowledgement_needs_words(opened, meera):
    with pytest.raises(ValidationError):
        idea_answers.acknowledge(opened, meera, " ")


@pytest.mark.parametrize("who", ["dev", "asha", "mod"])
def test_others_do_not_acknowledge(opened, who, request):
    with pytest.raises(PermissionDenied):
        idea_answers.acknowledge(opened, request.getfixturevalue(who), "Mine now.")


def test_handing_it_on_leaves_a_trail_and_the_clock_goes_on(opened, meera, dev, health):
    before = opened.answer_due
    idea_answers.refer(opened, meera, health, "Heat is a matter of health.")

    opened.refresh_from_db()
    assert (opened.institution, opened.answer_due) == (health, before)
    line = opened.contribution
    line.refresh_from_db()
    assert line.standing == Contribution.Standing.REFERRED
    idea_answers.acknowledge(opened, dev, "We look at it.")
    with pytest.raises(PermissionDenied):
        idea_answers.acknowledge(opened, meera, "Still ours.")


def test_it_is_not_handed_to_where_it_is(opened, meera, education):
    with pytest.raises(ValidationError):
        idea_answers.refer(opened, meera, education, "Here.")


def test_the_answer_is_published_by_somebody_else_once(opened, meera, arjun):
    response = IdeaResponse.objects.create(idea=opened, summary="Yes", details="In two years.", author=meera)

    idea_answers.publish_response(response, arjun)
    idea_answers.publish_response(response, arjun)

    opened.refresh_from_db()
    assert opened.answered_at is not None
    assert Event.objects.filter(name="idea answered", target_id=opened.pk).count() == 1


def test_nobody_publishes_their_own_answer(opened, arjun):
    response = IdeaResponse.objects.create(idea=opened, summary="Yes", details="Soon.", author=arjun)

    with pytest.raises(ValidationError):
        idea_answers.publish_response(response, arjun)


@pytest.mark.parametrize("who", ["meera", "dev", "asha"])
def test_who_does_not_approve_does_not_publish(opened, arjun, who, request):
    response = IdeaResponse.objects.create(idea=opened, summary="Yes", details="Soon.", author=arjun)

    with pytest.raises(PermissionDenied):
        idea_answers.publish_response(response, request.getfixturevalue(who))
