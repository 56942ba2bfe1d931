"""Loading the activity an address names, as every page of one begins."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser
from django.db.models import SlugField
from django.http import Http404
from django.shortcuts import get_object_or_404

from commons.activities.models import Activity
from commons.core.compiled import Compiled, Given

if TYPE_CHECKING:
    from commons.people.models import User


class ByAddress[Kind: Activity]:
    """For one kind, or for `Activity`: `MEETINGS = ByAddress(Meeting)`, then `MEETINGS.get(user, slug)`.

    Rows are loaded by `for_page()`, with what is `related` to them. All who are not officials see the same ones, by a
    query that is built once.
    """

    def __init__(self, model: type[Kind], *related: str) -> None:
        self.model = model
        self.related = related
        self.for_citizens = Compiled(lambda: self.visible_to(AnonymousUser()).filter(slug=Given("slug", SlugField())))

    def visible_to(self, user: User | AnonymousUser):  # type: ignore[no-untyped-def]
        found = self.model._default_manager.visible_to(user).for_page()  # type: ignore[attr-defined]
        return found.select_related(*self.related) if self.related else found

    def get(self, user: User | AnonymousUser, slug: str) -> Kind:
        """Raises Http404 when there is none, or this person may not see it: officials see their drafts."""
        if user.is_staff or user.is_superuser:
            return get_object_or_404(self.visible_to(user), slug=slug)
        for row in self.for_citizens.rows(slug=slug):
            return row
        raise Http404
