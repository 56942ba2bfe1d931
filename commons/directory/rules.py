"""Who works for whom. Views, forms, templates and the admin all ask here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from commons.directory.models import Institution, InstitutionQuerySet, Post

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from commons.people.models import User

Role = Post.Role
OFFICIAL = (Role.AUTHOR, Role.APPROVER)


def institutions_of(user: User | AnonymousUser, *roles: str) -> InstitutionQuerySet:
    """The institutions where the person holds one of the roles (any role when none is named), children included.

    Platform administrators hold every role everywhere.
    """
    if not user.is_authenticated or not user.is_active:
        return Institution.objects.none()
    if user.is_superuser:
        return Institution.objects.all()
    ids = posted_to(user, *roles)
    return Institution.objects.under(ids) if ids else Institution.objects.none()


def posted_to(user: User, *roles: str) -> list[int]:
    """Where the person holds one of the roles (any role when none is named), without what lies below."""
    posts = Post.objects.held_by(user).filter(institution__isnull=False)
    if roles:
        posts = posts.with_role(*roles)
    return list(posts.values_list("institution_id", flat=True))


def holds(user: User | AnonymousUser, institution: Institution, *roles: str) -> bool:
    """Whether the person holds one of the roles in the institution or above it."""
    if not user.is_authenticated or not user.is_active or user.is_superuser:
        return user.is_authenticated and user.is_active
    ids = posted_to(user, *roles)
    return institution.pk in ids or (bool(ids) and Institution.objects.under(ids).filter(pk=institution.pk).exists())


def is_platform_moderator(user: User | AnonymousUser) -> bool:
    """Whether the person moderates the whole platform."""
    if not user.is_authenticated or not user.is_active:
        return False
    return (
        user.is_superuser
        or Post.objects.held_by(user).filter(role=Role.MODERATOR, institution=None, group=None).exists()
    )
