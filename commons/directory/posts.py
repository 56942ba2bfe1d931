"""Giving somebody a post, and ending it. Whoever holds one may enter the admin; whoever holds none may not."""

from __future__ import annotations

import pghistory
from django.core.exceptions import PermissionDenied
from django.db import transaction

from commons.audit.record import record
from commons.directory.models import Post
from commons.people.models import User


@transaction.atomic
def appoint(post: Post, by: User) -> None:
    """Saves a new post. Raises PermissionDenied unless a platform administrator does it."""
    if not by.is_superuser:
        raise PermissionDenied
    with pghistory.context(user=by.pk):
        post.save()
    User.objects.filter(pk=post.person_id).update(is_staff=True)
    record("post.add", post, by=by, after=facts(post))


@transaction.atomic
def dismiss(post: Post, by: User) -> None:
    """Ends a post; with the last one the way into the admin closes."""
    if not by.is_superuser:
        raise PermissionDenied
    record("post.delete", post, by=by, before=facts(post))
    post.delete()
    if not Post.objects.filter(person=post.person_id).exists():
        User.objects.filter(pk=post.person_id, is_superuser=False).update(is_staff=False)


def facts(post: Post) -> dict[str, object]:
    return {
        "person": post.person_id, "role": post.role,
        "institution": str(post.institution or ""), "group": str(post.group or ""),
    }  # fmt: skip
