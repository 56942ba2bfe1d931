"""The screening rules, for administrators of the platform."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin

from commons.directory.scoped_admin import InstitutionScopedAdmin
from mygov.moderation.models import ScreeningRule

if TYPE_CHECKING:
    from django.http import HttpRequest


@admin.register(ScreeningRule)
class ScreeningRuleAdmin(InstitutionScopedAdmin):
    """Rules are changed, neither added nor deleted: each belongs to a function of `mygov.moderation.screening`."""

    institution_path = None
    writers = viewers = ()
    records_itself = True
    list_display = ["kind", "enabled", "threshold", "version"]
    readonly_fields = ["kind", "version"]

    def get_exclude(self, request: HttpRequest, obj: ScreeningRule | None = None) -> list[str]:
        listed = obj is not None and obj.kind == ScreeningRule.Kind.WORDS
        return ["threshold"] if listed else ["words"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: ScreeningRule | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: ScreeningRule, form: Any, change: bool) -> None:
        obj.change(request.user)  # type: ignore[arg-type]
