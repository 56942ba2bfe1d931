"""Who may answer a survey, and who may see what was answered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from commons.activities.eligibility import ALLOWED, Eligibility, eligibility
from commons.activities.models import Activity
from commons.activities.rules import may_write
from commons.directory.rules import Role, holds

if TYPE_CHECKING:
    from datetime import datetime

    from django.contrib.auth.models import AnonymousUser

    from commons.people.models import User
    from surveys.models import Response, Survey


def may_answer(user: User | AnonymousUser, survey: Survey, at: datetime | None = None) -> Eligibility:
    """As for every activity; where guests may answer, nobody needs an account."""
    found = eligibility(user, survey, at)
    if found.code in {"allowed", "sign_in"} and survey.is_paused():
        return Eligibility(False, "paused", _("The first answers are being looked at. The survey goes on soon."))
    open_to_guests = survey.guests and not (survey.members_only or survey.residents_only or survey.min_level > 1)
    return ALLOWED if found.code == "sign_in" and open_to_guests else found


def may_change(response: Response, survey: Survey) -> bool:
    """What is sent stays as it is, unless the survey lets people change it while it is open."""
    return response.completed_at is None or survey.editable


def may_see_results(user: User | AnonymousUser, survey: Survey, at: datetime) -> bool:
    """Citizens by the survey's policy; the institution's officials and analysts as soon as it is published."""
    public = survey.state == Activity.State.PUBLISHED and survey.shows_results(at)
    return public or (user.is_authenticated and user.is_staff and may_analyse(user, survey))


def may_analyse(user: User, survey: Survey) -> bool:
    """Read answers one by one, without names: analysts and officials of the institution."""
    return holds(user, survey.institution, Role.ANALYST, Role.AUTHOR, Role.APPROVER)


def may_build(user: User, survey: Survey) -> bool:
    """Change sections and questions: whoever writes there, until it is published."""
    return survey.state in {Activity.State.DRAFT, Activity.State.IN_REVIEW} and may_write(user, survey)
