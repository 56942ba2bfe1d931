"""Who may do what with an activity. Admin, views and templates all ask here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from commons.audit.models import Entry
from commons.directory.rules import Role, holds

if TYPE_CHECKING:
    from commons.activities.models import Activity
    from commons.people.models import User


def may_write(user: User, activity: Activity) -> bool:
    """Authors and approvers of the institution."""
    return holds(user, activity.institution, Role.AUTHOR, Role.APPROVER)


def may_approve(user: User, activity: Activity) -> bool:
    """Approvers of the institution, but never of what they wrote themselves, or changed last."""
    return (
        activity.author_id != user.pk
        and last_writer(activity) != user.pk
        and holds(user, activity.institution, Role.APPROVER)
    )


def last_writer(activity: Activity) -> int | None:
    """Whoever saved the text as it stands."""
    saved = Entry.objects.filter(activity_id=activity.pk, verb__in=["activity.write", "activity.edit"])
    return saved.order_by("-id").values_list("actor_id", flat=True).first()


def may_answer(user: User, activity: Activity) -> bool:
    """Say what became of a contribution: authors and approvers of the institution that asked."""
    return may_write(user, activity)


def may_steer(user: User, activity: Activity) -> bool:
    """Withdraw, extend, close early: an approver, also of their own."""
    return holds(user, activity.institution, Role.APPROVER)
