"""Institutions, regions, subjects, and who works where."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from commons.directory import people_admin, posts  # noqa: F401 - registers people
from commons.directory.models import Institution, Post, Region, Sector
from commons.directory.rules import Role
from commons.directory.scoped_admin import InstitutionScopedAdmin, official, reach


@admin.register(Institution)
class InstitutionAdmin(InstitutionScopedAdmin):
    """An approver keeps the public text up to date; name, code and place in the tree are the platform's."""

    institution_path = ""
    writers = (Role.APPROVER,)
    list_display = ("name", "code", "parent", "website")
    list_select_related = ("parent",)
    search_fields = ("name", "code")
    ordering = ("code",)
    fields = ("name", "code", "parent", "about", "website")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return official(request).is_superuser

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return () if official(request).is_superuser else ("name", "code", "parent")


class SharedAdmin(InstitutionScopedAdmin):
    """What every institution uses: officials see it, platform administrators change it."""

    institution_path = None
    writers = ()


@admin.register(Region)
class RegionAdmin(SharedAdmin):
    list_display = ("name", "level", "lgd_code", "parent")
    list_filter = ("level",)
    list_select_related = ("parent",)
    search_fields = ("name", "=lgd_code")
    ordering = ("level", "lgd_code")
    autocomplete_fields = ("parent",)


@admin.register(Sector)
class SectorAdmin(SharedAdmin):
    list_display = ("name", "slug")
    search_fields = ("name", "slug")
    ordering = ("slug",)


@admin.register(Post)
class PostAdmin(InstitutionScopedAdmin):
    """Who works where. Officials see their institution's; only platform administrators appoint and dismiss."""

    writers = ()
    records_itself = True
    list_display = ("person", "role", "institution", "group", "created_at")
    list_filter = ("role", "institution")
    list_select_related = ("person", "institution", "group")
    search_fields = ("person__display_name", "institution__name", "institution__code")
    ordering = ("institution__code", "person__display_name", "id")
    autocomplete_fields = ("person", "institution", "group")
    fields = ("person", "role", "institution", "group")

    def within(self, request: HttpRequest, *roles: str) -> QuerySet[Any]:
        rows = admin.ModelAdmin.get_queryset(self, request)
        if official(request).is_superuser:
            return rows
        mine = reach(request, *roles)
        return rows.filter(Q(institution__in=mine) | Q(group__institution__in=mine))

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A post is ended and another one given; it does not change hands."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return official(request).is_superuser

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        posts.appoint(obj, official(request))

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        posts.dismiss(obj, official(request))

    search_help_text = _("Name of the person or institution")
