"""Who may do what in a consultation. Views, forms, templates and the admin all ask here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from commons.directory.rules import OFFICIAL, Role, holds

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from commons.people.models import User
    from consultations.models import Consultation, Draft


def may_see_all_versions(user: User | AnonymousUser, consultation: Consultation) -> bool:
    """Officials of the institution read a version before it is published."""
    return user.is_authenticated and user.is_staff and holds(user, consultation.institution, *OFFICIAL)


def may_analyse(user: User | AnonymousUser, consultation: Consultation) -> bool:
    """Read what was responded, put it under themes, write rows of the matrix: officials of the institution."""
    return may_see_all_versions(user, consultation)


def may_publish(user: User, draft: Draft) -> bool:
    """An approver of the institution who did not bring it in."""
    return draft.author_id != user.pk and holds(user, draft.consultation.institution, Role.APPROVER)
