"""Officials' pages for polls: the ballot and its options, and the results for whoever works on them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _

from commons.activities import lifecycle
from commons.activities.activity_verbs import VERBS, not_extendable
from commons.activities.admin import ActivityAdmin
from commons.activities.models import Activity
from commons.audit.record import record
from commons.core import clock
from commons.directory.scoped_admin import WIDGETS, PartInline, official
from polls import options, rules
from polls.admin_forms import OptionForm, PollForm, ReviseOpenForm
from polls.models import Option, Poll
from polls.models.poll import MOST_OPTIONS
from polls.results import results

COUNTED = _("It has closed, and its ballots are counted. Ask anew in another poll.")


def not_extendable_poll(row: Activity) -> Any:
    return not_extendable(row) or (COUNTED if row.phase() == Activity.Phase.CLOSED else "")


def extend(row: Activity, by: Any, form: Any) -> None:
    if row.phase() == Activity.Phase.CLOSED:
        raise ValidationError(COUNTED)
    lifecycle.extend(row, by, form.cleaned_data["closes_at"], form.cleaned_data["reason"])


OF_POLLS: dict[str, dict[str, Any]] = {
    "revise": {
        "form": ReviseOpenForm,
        "says": _("Every change goes into the public change log, with your reason. Once a poll is open, its question and its options stay as they are: a wrong poll is voided."),
    },
    "extend": {"do": extend, "not_now": not_extendable_poll},
    "withdraw": {
        "label": _("Void the poll"), "done": _("Void. The page says why."),
        "says": _("The page stays and shows your reason; no ballot counts, and no result is shown. This cannot be undone."),
    },
}  # fmt: skip


class OptionRows(PartInline):
    model = Option
    form = OptionForm
    formfield_overrides = WIDGETS
    template = "admin/edit_inline/stacked.html"
    fields = ("label", "about", "cost", "upload", "alt")
    extra = 3
    max_num = MOST_OPTIONS
    verbose_name_plural = _("options")


@admin.register(Poll)
class PollAdmin(ActivityAdmin):
    form = PollForm
    inlines = (OptionRows,)
    change_form_template = "admin/poll.html"
    verbs = tuple(replace(verb, **OF_POLLS.get(verb.name, {})) for verb in VERBS)
    BALLOT = (
        _("The ballot"),
        {
            "fields": ("method", "most", "ranking", "budget", "unit", "allows_none", "shuffles", "guests"),
            "description": _(
                "The options stand below. For “yes, no, can’t say” leave them empty: they are made for you."
            ),
        },
    )
    RESULTS = (_("The results"), {"fields": ("shown", "hours_first")})
    fieldsets = (
        ActivityAdmin.ASKED, BALLOT, RESULTS, ActivityAdmin.PROMISE, ActivityAdmin.WINDOW, ActivityAdmin.WHO,
        ActivityAdmin.ADDRESS,
    )  # fmt: skip
    list_display = ("listed_title", "standing", "method", "institution", "closes", "author", "participant_count")

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        options.complete(form.instance)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        if formset.model is not Option:
            super().save_formset(request, form, formset, change)
            return
        rows = formset.save(commit=False)
        options.write(form.instance, rows, formset.deleted_objects, official(request))
        for part in formset.forms:
            if part.instance.pk and part not in formset.deleted_forms:
                part.keep_picture()
        formset.save_m2m()

    def get_urls(self) -> list[Any]:
        own = path(
            "<path:object_id>/results/", self.admin_site.admin_view(self.results_view), name="polls_poll_results"
        )
        return [own, *super().get_urls()]

    def beside(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        opened = row.state == Activity.State.PUBLISHED and row.phase() != Activity.Phase.SCHEDULED
        url = reverse("admin:polls_poll_results", args=[row.pk])
        seen = opened and rules.may_analyse(official(request), row)
        return {**super().beside(request, row), "results_url": url if seen else ""}

    def verb_context(self, request: HttpRequest, row: Any, verb: Any) -> dict[str, Any]:
        context = super().verb_context(request, row, verb)
        if context.get("texts"):
            context["texts"] = [*context["texts"], *options.texts(row)]
        return context

    def results_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The results as they stand. While citizens do not see them yet, each look is recorded."""
        poll = self.get_object(request, unquote(object_id))
        if not rules.may_analyse(official(request), poll):
            raise PermissionDenied
        now = clock.now()
        found = list(poll.options.all())
        if rules.hides_results(poll, now, has_voted=False, ballots=rules.FEWEST):
            record("poll.look", poll, by=official(request), activity_id=poll.pk)
        request.current_app = self.admin_site.name  # type: ignore[attr-defined]
        context = {
            **self.admin_site.each_context(request), "title": _("Results"), "opts": self.opts, "original": poll,
            "poll": poll, "activity": poll, "phase": poll.phase(now), "options": found,
            "results": results(poll, found, now, early=True), "row_url": self.row_url(poll), "results_now": True,
        }  # fmt: skip
        return TemplateResponse(request, "admin/poll_results.html", context)
