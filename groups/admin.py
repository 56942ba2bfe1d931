"""Groups: proposed and kept up to date by their institution, activated by the platform."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from commons.activities.admin_forms import ReasonForm
from commons.directory.about_admin import SubjectsAndRegions
from commons.directory.admin_widgets import badge
from commons.directory.verb_pages import Verb, VerbPages
from groups import lifecycle
from groups.models import Group

State = Group.State
BADGES = {State.PROPOSED: ("◐", "warn"), State.ACTIVE: ("●", "done"), State.ARCHIVED: ("■", "quiet")}
PLATFORM = _("A platform administrator does this.")


@admin.register(Group)
class GroupAdmin(SubjectsAndRegions, VerbPages):
    verbs = (
        Verb(
            "activate", _("Activate"), _("The group's page becomes public, and people may join."),
            _("Active. Its page is public."),
            lambda row, by, form: lifecycle.activate(row, by), lifecycle.may_decide, PLATFORM,
            lambda row: _("It is active.") if row.state == State.ACTIVE else "",
        ),
        Verb(
            "archive", _("Archive"), _("The page stays readable; nobody can join any more."), _("Archived."),
            lambda row, by, form: lifecycle.archive(row, by, form.cleaned_data["reason"]), lifecycle.may_decide, PLATFORM,
            lambda row: "" if row.state == State.ACTIVE else _("It is not active."), ReasonForm, danger=True,
        ),
    )  # fmt: skip
    list_display = ("name", "standing", "institution", "member_count")
    list_filter = ("state", "sectors", "institution")
    list_select_related = ("institution",)
    search_fields = ("name", "slug")
    ordering = ("slug",)
    fieldsets = (
        (None, {"fields": ("institution", "name", "objective"), "description": _("A proposal becomes public when the platform activates it.")}),
        (_("What it is about"), {"fields": ("sectors", "regions")}),
        (_("Address of the page"), {"fields": ("slug",)}),
    )  # fmt: skip

    @admin.display(description=_("state"), ordering="state")
    def standing(self, row: Group) -> SafeString:
        shape, colour = BADGES[State(row.state)]
        return badge(shape, row.get_state_display(), colour)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Whose it is and where it is found stay as they were once it is public."""
        return ("institution", "slug") if obj is not None and obj.state != State.PROPOSED else ()

    def get_view_on_site_url(self, obj: Any = None) -> str | None:
        return obj.get_absolute_url() if obj and obj.state != State.PROPOSED else None
