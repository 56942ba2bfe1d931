"""The screening rules, for administrators of the platform: changed only after seeing what the change would have done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib import admin
from django.contrib.admin.helpers import AdminForm
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _

from commons.directory.scoped_admin import InstitutionScopedAdmin
from mygov.moderation import learning, trial
from mygov.moderation.models import ReviewShare, ScreeningRule
from mygov.moderation.models.learned_filter import ENOUGH

if TYPE_CHECKING:
    from django.http import HttpRequest


def learned(rule: ScreeningRule) -> dict[str, Any]:
    """What was learned in each language, for the rule that uses it."""
    if rule.kind != ScreeningRule.Kind.LEARNED:
        return {}
    filters = [(name, learning.newest(code)) for code, name in settings.LANGUAGES]
    rows = [(name, found, *learning.top_words(found)) if found else (name, None, [], []) for name, found in filters]
    return {"filters": rows, "enough": ENOUGH}


@admin.register(ScreeningRule)
class ScreeningRuleAdmin(InstitutionScopedAdmin):
    """Rules are changed, neither added nor deleted: each belongs to a function of `mygov.moderation.signals`."""

    institution_path = None
    writers = viewers = ()
    records_itself = True
    list_display = ["kind", "enabled", "threshold", "weight", "version"]
    readonly_fields = ["kind", "version"]
    change_form_template = "admin/screening_rule.html"

    def get_exclude(self, request: HttpRequest, obj: ScreeningRule | None = None) -> list[str]:
        if obj is None or obj.kind in {ScreeningRule.Kind.WORDS, ScreeningRule.Kind.NAMES}:
            return ["threshold"]
        return ["words", "threshold"] if obj.kind == ScreeningRule.Kind.PERSONAL else ["words"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: ScreeningRule | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: ScreeningRule, form: Any, change: bool) -> None:
        obj.change(request.user)  # type: ignore[arg-type]

    # -- trying before saving ----------------------------------------------------------------------
    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(self.trial_view)
        return [path("<path:object_id>/trial/", view, name="moderation_screeningrule_trial"), *super().get_urls()]

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        rule = kwargs.get("obj")
        if rule is not None and rule.kind != ScreeningRule.Kind.NAMES:  # past texts say nothing about names
            context |= {"trial_url": reverse("admin:moderation_screeningrule_trial", args=[rule.pk]), **learned(rule)}
        return super().render_change_form(request, context, *args, **kwargs)

    def trial_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """What was typed, tried on past texts and not saved; the same form again, to be changed or saved."""
        rule = self.get_object(request, unquote(object_id))
        if not self.has_change_permission(request, rule):
            raise PermissionDenied
        change_url = reverse("admin:moderation_screeningrule_change", args=[rule.pk])
        if request.method != "POST":
            return HttpResponseRedirect(change_url)
        form = self.get_form(request, rule, change=True)(request.POST, instance=rule)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Tried, not saved: %(rule)s") % {"rule": rule},
            "opts": self.opts,
            "original": rule,
            "change_url": change_url,
            "trial_url": request.path,
            "trial": trial.run(form.instance) if form.is_valid() else None,
            "adminform": AdminForm(form, self.get_fieldsets(request, rule), {}, self.readonly_fields, model_admin=self),
            "errors": form.errors,
            **learned(rule),
            "media": self.media + form.media,
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "admin/trial.html", context, status=422 if form.errors else 200)


@admin.register(ReviewShare)
class ReviewShareAdmin(InstitutionScopedAdmin):
    """How many decisions a second moderator looks at: one row, neither added nor deleted."""

    institution_path = None
    writers = viewers = ()
    records_itself = True
    list_display = ["__str__"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: ReviewShare | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: ReviewShare, form: Any, change: bool) -> None:
        obj.change(request.user)  # type: ignore[arg-type]
