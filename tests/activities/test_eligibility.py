"""Who may take part: allowed or not, why, and a remedy that leads somewhere."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from commons.activities.eligibility import eligibility
from commons.directory.models import Region
from groups import membership


def verdict(user, activity):
    answer = eligibility(user, activity)
    return answer.allowed, answer.code


def test_a_verified_citizen_takes_part_in_what_is_open(asha, discussion):
    assert verdict(asha, discussion) == (True, "allowed")


def test_whoever_is_not_signed_in_is_led_to_signing_in(discussion):
    answer = eligibility(AnonymousUser(), discussion)

    assert (answer.allowed, answer.code, answer.remedy_url) == (False, "sign_in", "/accounts/login/")


@pytest.mark.parametrize(
    ("window", "code"),
    [
        ({"opens_at": timedelta(hours=1), "closes_at": timedelta(days=1)}, "scheduled"),
        ({"opens_at": timedelta(days=-2), "closes_at": timedelta(seconds=-1)}, "closed"),
    ],
)
def test_outside_the_window_nobody_does(asha, make_discussion, window, code):
    now = timezone.now()
    activity = make_discussion(**{name: now + offset for name, offset in window.items()})

    assert verdict(asha, activity) == (False, code)


@pytest.mark.parametrize("state", ["draft", "in_review", "withdrawn"])
def test_what_is_not_published_takes_nothing(asha, make_discussion, state):
    assert verdict(asha, make_discussion(state=state)) == (False, "not_published")


def test_a_higher_verification_has_a_remedy(asha, make_discussion):
    answer = eligibility(asha, make_discussion(min_level=2))

    assert (answer.allowed, answer.code, answer.remedy_url) == (False, "level", "/profile/")


def test_members_only_until_one_joins(asha, make_discussion, group):
    activity = make_discussion(group=group, members_only=True)

    assert verdict(asha, activity) == (False, "members")
    membership.join(group, asha)
    assert verdict(asha, activity) == (True, "allowed")


def test_residents_of_the_state_or_its_district(asha, bilal, make_discussion):
    bihar = Region.objects.create(level="state", lgd_code=10, name="Bihar")
    patna = Region.objects.create(level="district", lgd_code=188, name="Patna", parent=bihar)
    activity = make_discussion(residents_only=True)
    activity.regions.add(bihar)
    asha.state, asha.district = bihar, patna

    assert verdict(asha, activity) == (True, "allowed")
    assert verdict(bilal, activity) == (False, "residents")
