"""Officials' pages for activities: the base every kind's admin extends, outcomes, and the ledger."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef
from django.db.models.functions import Now
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import linebreaks
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from commons.activities import audit_admin, ledger_admin, lifecycle, rules  # noqa: F401 - registers their pages
from commons.activities.activity_verbs import APPROVERS, VERBS
from commons.activities.admin_forms import ActivityForm, OutcomeForm
from commons.activities.kinds import kind
from commons.activities.models import Activity, Contribution, Outcome
from commons.activities.models.activity import label_of
from commons.activities.readiness import missing, said_in
from commons.core.language import in_language
from commons.core.markdown import to_html
from commons.core.moments import ist
from commons.directory.about_admin import SubjectsAndRegions
from commons.directory.admin_widgets import OpeningField, badge
from commons.directory.rules import OFFICIAL
from commons.directory.scoped_admin import changes_of, official, reach
from commons.directory.verb_pages import Verb, VerbPages

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from django.db.models import QuerySet

State, Phase = Activity.State, Activity.Phase

TEXTS = ("title", "summary", "body", "promise")
BADGES = {
    State.DRAFT: ("○", "quiet"),
    State.IN_REVIEW: ("◐", "warn"),
    State.WITHDRAWN: ("✕", "error"),
    Phase.SCHEDULED: ("◔", "warn"),
    Phase.OPEN: ("●", "done"),
    Phase.CLOSED: ("■", "quiet"),
}


def standing_badge(activity: Activity, now: datetime) -> SafeString:
    """Decision, window and outcome in one badge."""
    if activity.state != State.PUBLISHED:
        return badge(BADGES[State(activity.state)][0], activity.get_state_display(), BADGES[State(activity.state)][1])
    if activity.published_at and activity.published_at > now:
        return badge("◔", _("Approved, appears later"), "warn")
    phase = activity.phase(now)
    if phase == Phase.CLOSED and activity.outcome_at:
        return badge("✓", _("Closed, answered"), "done")
    if activity.promise_by and activity.promise_by < now and not activity.outcome_at:
        return badge("▲", _("%(phase)s, answer overdue") % {"phase": phase.label}, "error")
    return badge(BADGES[phase][0], phase.label, BADGES[phase][1])


class PhaseFilter(admin.SimpleListFilter):
    """Where it stands by the clock, and what is owed."""

    title = _("phase")
    parameter_name = "phase"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [*Phase.choices, ("unanswered", _("Closed without an outcome")), ("overdue", _("Answer overdue"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        known = {*Phase.values, "unanswered", "overdue"}
        return getattr(queryset, self.value())() if self.value() in known else queryset  # type: ignore[arg-type]


class ActivityAdmin(SubjectsAndRegions, VerbPages):
    """The base of every kind's admin. A kind adds its own fields to `fieldsets`, and inlines; never a verb."""

    form = ActivityForm
    verbs = VERBS
    records_itself = True
    change_form_template = "admin/activity.html"
    list_display = ("listed_title", "standing", "institution", "closes", "author", "comment_count")
    list_filter = ("state", PhaseFilter, "sectors", "institution")
    list_select_related = ("institution", "author")
    search_fields = ("search_text", "slug")
    search_help_text = _("Words of the title or summary, in any language, or the address")
    ordering = ("-id",)

    ASKED = (
        _("What is asked"),
        {
            "fields": ("title", "summary", "body"),
            "description": _(
                "Both languages: citizens read either. A draft can be saved with one; it is submitted with both."
            ),
        },
    )
    PROMISE = (
        _("What you promise"),
        {
            "fields": ("promise", "promise_by"),
            "description": _(
                "Say what will be done with the answers, and by when. The promise is public, and so is a day that was missed."
            ),
        },
    )
    WINDOW = (
        _("From when, until when"),
        {
            "fields": ("opens_at", "closes_at"),
            "description": _(
                "India time. Empty opening: at the moment of publishing. Without a time it closes at 11:45 pm."
            ),
        },
    )
    WHO = (
        _("Whose it is, and who takes part"),
        {"fields": ("institution", "group", "sectors", "regions", "min_level", "members_only", "residents_only")},
    )
    TALK = (_("The conversation"), {"fields": ("conversation", "comment_limit")})
    ADDRESS = (_("Address of the page"), {"fields": ("slug",), "classes": ("collapse",)})
    fieldsets: ClassVar[Any] = (ASKED, PROMISE, WINDOW, WHO, TALK, ADDRESS)  # fmt: skip

    # -- the list ---------------------------------------------------------------------------------
    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).annotate(asked_at=Now())

    @admin.display(description=_("title"), ordering="search_text")
    def listed_title(self, row: Any) -> str:
        return str(row.title) or f"({row.slug})"

    @admin.display(description=_("state"), ordering="state")
    def standing(self, row: Any) -> SafeString:
        return standing_badge(row, row.asked_at)

    @admin.display(description=_("closes"), ordering="closes_at")
    def closes(self, row: Any) -> str:
        return ist(row.closes_at) if row.closes_at else "–"

    # -- who may ------------------------------------------------------------------------------------
    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Drafts, and what waits for approval. What is published is revised instead, in public."""
        if obj is not None and obj.state not in {State.DRAFT, State.IN_REVIEW}:
            return False
        return super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        if obj is not None and (obj.state != State.DRAFT or obj.published_at):
            return False
        return self.may(request, self.writers, obj)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """What can no longer be changed here is shown in both languages above, so its boxes need not be."""
        if obj is None or self.has_change_permission(request, obj):
            return super().get_fieldsets(request, obj)
        shown: list[Any] = [
            (name, {**options, "description": None}) for name, options in super().get_fieldsets(request, obj)
        ]
        return [
            (name, {**options, "fields": [field for field in options["fields"] if field not in TEXTS]})
            for name, options in shown
            if not set(options["fields"]) <= set(TEXTS)
        ]

    # -- the form -----------------------------------------------------------------------------------
    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "opens_at":
            kwargs["form_class"] = OpeningField
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        before, after = changes_of(form)
        lifecycle.write(obj, official(request), before=before, after=after)

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        lifecycle.discard(obj, official(request))

    def changeform_view(self, request: HttpRequest, object_id: str | None = None, *args: Any, **kwargs: Any) -> Any:
        try:
            return super().changeform_view(request, object_id, *args, **kwargs)
        except ValidationError as refused:  # it moved on while the form was open
            for words in refused.messages:
                messages.error(request, words)
            return HttpResponseRedirect(request.path)

    def after_saving(self, request: HttpRequest, row: Any) -> HttpResponseRedirect | None:
        if "_submit" in request.POST:
            return HttpResponseRedirect(reverse(f"admin:{self.verb_url_name(self.verbs[0])}", args=[row.pk]))
        return HttpResponseRedirect(row.get_absolute_url()) if "_preview" in request.POST else None

    def response_post_save_add(self, request: HttpRequest, obj: Any) -> HttpResponseRedirect:
        return self.after_saving(request, obj) or super().response_post_save_add(request, obj)

    def response_post_save_change(self, request: HttpRequest, obj: Any) -> HttpResponseRedirect:
        return self.after_saving(request, obj) or super().response_post_save_change(request, obj)

    # -- beside the form, and on the verbs' pages ------------------------------------------------------
    def beside(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        outcome = Outcome.objects.filter(activity=row.pk).first()
        return {
            **super().beside(request, row),
            "previews": previews(row),
            "missing": missing(row) if row.state == State.DRAFT else {},
            "outcome_url": outcome_url(row, outcome),
            "outcome": outcome,
            "texts": [] if self.has_change_permission(request, row) else texts(row),
            "has_contributions": not kind(row.kind).secret and Contribution.objects.filter(activity=row.pk).exists(),
        }

    def verb_context(self, request: HttpRequest, row: Any, verb: Verb) -> dict[str, Any]:
        return {
            "previews": previews(row),
            "texts": texts(row) if verb.shows_text else [],
            "siblings": [
                b for b in self.buttons(request, row) if b.verb.shows_text and not b.why_not and b.verb is not verb
            ]
            if verb.shows_text
            else [],
        }


def previews(row: Activity) -> list[tuple[str, str, str]]:
    """The public page in each language: code, name, address. `language=` keeps an unprefixed address English."""
    url = row.get_absolute_url()
    return [("en", "English", in_language(url, "en") + "?language=en"), ("hi", "हिन्दी", in_language(url, "hi"))]


def texts(row: Activity) -> list[tuple[str, list[tuple[str, str]]]]:
    """What citizens will read, by field: its name, and language and HTML of each version."""
    shown = [name for name in TEXTS if name != "body" or row.body]
    return [(label_of(name), both(getattr(row, name), markdown=name == "body")) for name in shown]


def both(text: Any, *, markdown: bool = False) -> list[tuple[str, str]]:
    html: Callable[[str], str] = (lambda words: to_html(words, official=True)) if markdown else plain_html
    return [(code, html(said_in(text, code))) for code in ("en", "hi")]


def plain_html(words: str) -> str:
    return linebreaks(words, autoescape=True) if words else ""


def outcome_url(row: Activity, outcome: Outcome | None) -> str:
    """Where its outcome is written or read; empty before anything is published."""
    if outcome:
        return reverse("admin:activities_outcome_change", args=[outcome.pk])
    return reverse("admin:activities_outcome_add") + f"?activity={row.pk}" if row.state == State.PUBLISHED else ""


def publish_outcome(outcome: Outcome, by: Any, form: Any) -> None:
    lifecycle.publish_outcome(outcome, by)


def may_publish_outcome(user: Any, outcome: Outcome) -> bool:
    return outcome.author_id != user.pk and rules.may_steer(user, outcome.activity)


@admin.register(Outcome)
class OutcomeAdmin(VerbPages):
    """What was decided: one official writes, another publishes. Published, it stays as it is."""

    form = OutcomeForm
    institution_path = "activity__institution"
    records_itself = True
    verbs = (
        Verb(
            "publish", _("Approve and publish"), _("Everyone who took part is told. A published outcome stays as it is."),
            _("Published. Everyone who took part is told."),
            publish_outcome, may_publish_outcome, APPROVERS,
            lambda row: _("It is published.") if row.published_at else "", shows_text=True,
        ),
    )  # fmt: skip
    list_display = ("headline", "activity", "standing", "author", "approver")
    list_select_related = ("activity", "author", "approver")
    search_fields = ("headline", "activity__search_text")
    ordering = ("-id",)
    fieldsets = (
        (None, {"fields": ("activity", "headline", "body"), "description": _("In one sentence what changed because of citizens, with a number if there is one. Then what was adopted, what was not, and why.")}),
    )  # fmt: skip

    @admin.display(description=_("state"), ordering="published_at")
    def standing(self, row: Outcome) -> SafeString:
        return badge("✓", _("Published"), "done") if row.published_at else badge("◐", _("Waiting for approval"), "warn")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return not (obj is not None and obj.published_at) and super().has_change_permission(request, obj)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("activity",) if obj else ()

    def get_field_queryset(self, db: Any, db_field: Any, request: HttpRequest) -> Any:
        """Published, the person's own institution's, and not answered yet."""
        written = Outcome.objects.filter(activity=OuterRef("pk"))
        found = Activity.objects.published().filter(~Exists(written)).order_by("-closes_at")
        return found if official(request).is_superuser else found.filter(institution__in=reach(request, *OFFICIAL))

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        lifecycle.write_outcome(obj, official(request))

    def get_view_on_site_url(self, obj: Any = None) -> str | None:
        return obj.activity.get_absolute_url() if obj else None

    def verb_context(self, request: HttpRequest, row: Any, verb: Verb) -> dict[str, Any]:
        shown = [
            (str(_("in one sentence")), both(row.headline)),
            (str(_("what was decided")), both(row.body, markdown=True)),
        ]
        return {"texts": shown, "concerns": row.activity}
