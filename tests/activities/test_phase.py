"""What `phase(at)` says of one activity and what the QuerySet methods say of all must never differ."""

from datetime import timedelta

import pytest
from django.utils import timezone

from commons.activities.models import Activity

MOMENTS = [-2, -1, 0, 1, 2]  # days around now


@pytest.fixture
def grid(make_discussion):
    """Every window whose ends lie on the moments (or stay open), in every state."""
    now = timezone.now().replace(microsecond=0)
    windows = [(a, b) for a in MOMENTS for b in [None, *MOMENTS] if b is None or b > a]
    made = [
        make_discussion(
            f"{state}-{opens}-{closes}".replace("_", ""),
            state=state,
            published_at=now - timedelta(days=3),
            opens_at=now + timedelta(days=opens),
            closes_at=None if closes is None else now + timedelta(days=closes),
        ).pk
        for state in Activity.State.values
        for opens, closes in windows
    ]
    return now, made


@pytest.mark.parametrize("day", [*MOMENTS, 0.5, -0.5])
@pytest.mark.parametrize("phase", Activity.Phase.values)
def test_one_and_all_agree(grid, day, phase):
    now, made = grid
    at = now + timedelta(days=day)

    by_query = set(getattr(Activity.objects, phase)(at).values_list("pk", flat=True))

    published = Activity.objects.filter(pk__in=made, state=Activity.State.PUBLISHED)
    assert by_query == {activity.pk for activity in published if activity.phase(at) == phase}
    assert by_query or (phase, day) in {("scheduled", 2), ("closed", -2)}


def test_what_is_approved_for_later_is_not_public_before(make_discussion):
    make_discussion(published_at=timezone.now() + timedelta(hours=1), opens_at=timezone.now() + timedelta(hours=1))

    assert not Activity.objects.published().exists()


def test_every_kind_is_an_app_with_a_page():
    from django.apps import apps
    from django.conf import settings
    from django.urls import reverse

    kinds = {
        model._meta.app_label for model in apps.get_models() if issubclass(model, Activity) and model is not Activity
    }

    assert kinds <= set(settings.KINDS)
    for kind in kinds:
        assert reverse(f"{kind}:detail", args=["some-slug"])
        assert {"kind_name", "verb"} <= set(vars(type(apps.get_app_config(kind))))


def test_no_kind_overrides_the_lifecycle():
    from django.apps import apps

    for model in apps.get_models():
        if issubclass(model, Activity) and model is not Activity:
            assert not {"phase", "state", "opens_at", "closes_at", "publish", "save"} & set(vars(model)), model
