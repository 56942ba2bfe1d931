"""Who may take part, answered in one place: allowed or not, why, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _

from commons.activities.models import Activity

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from commons.people.models import User


@dataclass(frozen=True)
class Eligibility:
    """`remedy` is the words of a link that helps, `remedy_url` where it leads; both empty when nothing helps."""

    allowed: bool
    code: str = "allowed"
    reason: str = ""
    remedy: str = ""
    remedy_url: str = ""


ALLOWED = Eligibility(True)


def eligibility(user: User | AnonymousUser, activity: Activity, at: datetime | None = None) -> Eligibility:
    """Whether `user` may take part in `activity` at that moment (the database's now when none is given).

    For showing the page. The insert itself asks the database's clock again.
    """
    window = window_allows(activity, at)
    if not window.allowed:
        return window
    if not user.is_authenticated:
        return Eligibility(False, "sign_in", _("Sign in to take part."), _("Sign in"), reverse("account_login"))
    if user.level < activity.min_level:
        return Eligibility(
            False,
            "level",
            _("This needs a higher verification."),
            _("See how to be verified"),
            reverse("people:profile"),
        )
    if activity.members_only and activity.group and not user.memberships.filter(group=activity.group_id).exists():
        return Eligibility(
            False,
            "members",
            _("Only members of the group take part."),
            _("Join the group"),
            activity.group.get_absolute_url(),
        )
    if activity.residents_only and not lives_there(user, activity):
        return Eligibility(
            False,
            "residents",
            _("Only people of these regions take part."),
            _("Set your region"),
            reverse("people:profile"),
        )
    return ALLOWED


def window_allows(activity: Activity, at: datetime | None) -> Eligibility:
    if activity.state == Activity.State.WITHDRAWN:
        return Eligibility(False, "not_published", _("This was withdrawn."))
    if activity.state != Activity.State.PUBLISHED:
        return Eligibility(False, "not_published", _("This is not published."))
    phase = activity.phase(at)
    if phase == Activity.Phase.SCHEDULED:
        return Eligibility(False, "scheduled", _("This has not opened yet."))
    if phase == Activity.Phase.CLOSED:
        return closed()
    return ALLOWED


def closed() -> Eligibility:
    return Eligibility(False, "closed", _("This has closed."))


def lives_there(user: User, activity: Activity) -> bool:
    mine = {region for region in (user.state_id, user.district_id) if region}
    return bool(mine) and activity.regions.filter(pk__in=mine).exists()
