"""Loads a poll through the person who asks for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser
from django.db.models import SlugField
from django.http import Http404
from django.shortcuts import get_object_or_404

from commons.core.compiled import Compiled, Given
from polls.models import Poll

if TYPE_CHECKING:
    from commons.people.models import User

FOR_CITIZENS = Compiled(
    lambda: Poll.objects.visible_to(AnonymousUser()).for_page().filter(slug=Given("slug", SlugField()))
)


def poll_for(user: User | AnonymousUser, slug: str) -> Poll:
    """The poll, if this person may see it; else 404. All who are not officials see the same ones."""
    if user.is_staff or user.is_superuser:
        return get_object_or_404(Poll.objects.visible_to(user).for_page(), slug=slug)
    for poll in FOR_CITIZENS.rows(slug=slug):
        return poll
    raise Http404
