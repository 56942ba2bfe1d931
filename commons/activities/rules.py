"""Who may do what with an activity. Admin, views and templates all ask here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from commons.directory.rules import Role, holds

if TYPE_CHECKING:
    from commons.activities.models import Activity
    from commons.people.models import User


def may_write(user: User, activity: Activity) -> bool:
    """Authors and approvers of the institution."""
    return holds(user, activity.institution, Role.AUTHOR, Role.APPROVER)


def may_approve(user: User, activity: Activity) -> bool:
    """Approvers of the institution, but never of what they wrote themselves."""
    return holds(user, activity.institution, Role.APPROVER) and activity.author_id != user.pk


def may_steer(user: User, activity: Activity) -> bool:
    """Withdraw, extend, close early: an approver, also of their own."""
    return holds(user, activity.institution, Role.APPROVER)
