"""Consultations for officials: what is asked, the versions of its text, and what they publish about it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from commons.activities.activity_verbs import SOMEBODY_ELSE, VERBS
from commons.activities.admin import ActivityAdmin
from commons.activities.ledger_admin import ReadOnly
from commons.activities.models import Activity
from commons.directory.admin_widgets import badge
from commons.directory.scoped_admin import WIDGETS, PartInline
from commons.directory.verb_pages import Verb, VerbPages
from consultations import drafting, import_admin, rules
from consultations.correction_verbs import OWN_VERBS
from consultations.models import Consultation, Document, Draft, Step
from consultations.redline import redline


class DocumentRows(PartInline):
    model = Document
    formfield_overrides = WIDGETS
    verbose_name_plural = _("documents")


class StepRows(PartInline):
    model = Step
    formfield_overrides = {
        **WIDGETS,
        models.DateField: {"widget": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")},
    }
    verbose_name_plural = _("steps and their days")


@admin.register(Consultation)
class ConsultationAdmin(ActivityAdmin):
    """A kind's admin, and the page where its text is brought in."""

    change_form_template = "admin/consultation.html"
    verbs = (*VERBS, *OWN_VERBS)
    inlines = (DocumentRows, StepRows)
    TEXT = (
        _("What the text is"),
        {
            "fields": ("instrument", "note"),
            "description": _(
                "Save first; then bring the text in from Word, PDF or Markdown: the link stands above the form."
            ),
        },
    )
    IMPACT = (
        _("What the policy of 2014 asks for"),
        {"fields": ("justification", "essentials", "finances", "impact"), "classes": ("collapse",)},
    )
    fieldsets = (*ActivityAdmin.fieldsets[:2], TEXT, IMPACT, *ActivityAdmin.fieldsets[2:4], ActivityAdmin.ADDRESS)

    def get_urls(self) -> list[Any]:
        own = [
            path("<path:object_id>/text/", self.admin_site.admin_view(self.text_view), name="consultations_consultation_text"),
            path(
                "<path:object_id>/text.md", self.admin_site.admin_view(self.markdown_view), name="consultations_consultation_markdown",
            ),
        ]  # fmt: skip
        return own + super().get_urls()

    def text_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return import_admin.text_page(self, request, self.get_object(request, object_id))

    def markdown_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return import_admin.as_file(self.get_object(request, object_id))

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if not change:  # people answer clause by clause, and ask in public there
            obj.conversation = Activity.Conversation.NONE
        super().save_model(request, obj, form, change)

    def beside(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        last = drafting.newest(row)
        url = reverse("admin:consultations_consultation_text", args=[row.pk])
        return {**super().beside(request, row), "last_draft": last, "text_url": url}


def waits(row: Draft) -> Any:
    if row.published_at:
        return _("It is published.")
    return _("The first draft is published with its consultation.") if row.number == 1 else ""


@admin.register(Draft)
class DraftAdmin(ReadOnly, VerbPages):
    """The versions of texts. A later version is published by somebody who did not bring it in."""

    institution_path = "consultation__institution"
    records_itself = True
    verbs = (
        Verb(
            "publish", _("Approve and publish"), _("Everybody reads this version from now on, beside the earlier one. Who took part is told."),
            _("Published. Everybody reads it, and what changed."),
            lambda row, by, form: drafting.publish(row, by), rules.may_publish, SOMEBODY_ELSE, waits, shows_text=True,
        ),
    )  # fmt: skip
    list_display = ("consultation", "number", "stage", "standing", "clause_count", "author", "created_at")
    list_filter = ("stage",)
    list_select_related = ("consultation", "author")
    search_fields = ("consultation__search_text",)
    ordering = ("-id",)
    fields = readonly_fields = (
        "consultation",
        "number",
        "stage",
        "language",
        "source",
        "clause_count",
        "author",
        "created_at",
        "published_at",
    )

    @admin.display(description=_("state"), ordering="published_at")
    def standing(self, row: Draft) -> SafeString:
        if row.published_at:
            return badge("✓", _("Published"), "done")
        if row.number == 1:
            return badge("●", _("Published with its consultation"), "quiet")
        return badge("◐", _("Waiting for approval"), "warn")

    def get_view_on_site_url(self, obj: Any = None) -> str | None:
        return f"{obj.consultation.get_absolute_url()}?version={obj.number}" if obj else None

    def verb_context(self, request: HttpRequest, row: Any, verb: Verb) -> dict[str, Any]:
        """What changed against the version before, clause by clause."""
        before = row.consultation.drafts.filter(number__lt=row.number).order_by("-number").first()
        old = {one.clause_id: one.text for one in before.wordings.all()} if before else {}
        changed = [one for one in row.wordings.order_by("position") if old.get(one.clause_id, "") != one.text]
        texts = [(str(one), [(row.language, redline(old.get(one.clause_id, ""), one.text))]) for one in changed]
        return {"texts": texts, "concerns": row.consultation}
