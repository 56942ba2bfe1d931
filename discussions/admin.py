"""Discussions, the ideas citizens bring to a forum, and the written answers to them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Exists, OuterRef, Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from commons.activities.activity_verbs import APPROVERS
from commons.activities.admin import ActivityAdmin, plain_html
from commons.activities.ledger_admin import ReadOnly
from commons.core import clock
from commons.directory.admin_widgets import badge
from commons.directory.models import Institution
from commons.directory.rules import OFFICIAL, Role, holds
from commons.directory.scoped_admin import PartInline, official, reach
from commons.directory.verb_pages import Verb, VerbForm, VerbPages
from discussions import idea_answers
from discussions.models import Discussion, Idea, IdeaResponse, ResponsePoint


@admin.register(Discussion)
class DiscussionAdmin(ActivityAdmin):
    FORUM = (
        _("Open forum"),
        {
            "fields": ("is_forum", "sponsors_needed", "acknowledge_at", "answer_at", "hearing_at"),
            "classes": ("collapse",),
        },
    )
    fieldsets = (*ActivityAdmin.fieldsets[:-1], FORUM, ActivityAdmin.ADDRESS)


State = Idea.State
BADGES = {
    State.PENDING: ("◔", "warn"), State.SPONSORED: ("◐", "warn"), State.FLAGGED: ("◐", "warn"), State.DORMANT: ("○", "quiet"),
    State.OPEN: ("●", "done"), State.RETIRED: ("■", "quiet"), State.REJECTED: ("✕", "error"), State.STOPPED: ("■", "quiet"),
    State.HELD: ("◐", "warn"), State.HIDDEN: ("✕", "error"),
}  # fmt: skip
ITS_INSTITUTION = _("An official of the institution that answers does this.")


class WordsForm(VerbForm):
    words = forms.CharField(
        label=_("What the citizen reads"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Who looks at it and what happens next, in one or two sentences."),
    )  # fmt: skip


class ReferForm(WordsForm):
    to = forms.ModelChoiceField(Institution.objects.all(), label=_("Institution it belongs to"))
    field_order = ["to", "words"]


def its_official(user: Any, idea: Idea) -> bool:
    return holds(user, idea.institution, *OFFICIAL)


class AnswerFilter(admin.SimpleListFilter):
    title = _("answer")
    parameter_name = "answer"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("due", _("Owed")), ("overdue", _("Overdue")), ("given", _("Given"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        owed = queryset.to_answer()
        return {
            "due": owed,
            "overdue": owed.filter(answer_due__lt=clock.now().date()),
            "given": queryset.filter(answered_at__isnull=False),
        }.get(self.value() or "", queryset)


@admin.register(Idea)
class IdeaAdmin(ReadOnly, VerbPages):
    """What citizens brought. The institution that answers acknowledges it, hands it on, and writes the answer.

    The institution that runs the forum keeps seeing what it handed on.
    """

    change_form_template = "admin/idea.html"
    verbs = (
        Verb(
            "acknowledge", _("Acknowledge"), _("Its author reads who looks at it and what happens next."), _("Acknowledged."),
            lambda row, by, form: idea_answers.acknowledge(row, by, form.cleaned_data["words"]), its_official, ITS_INSTITUTION,
            lambda row: _("It was acknowledged.") if row.acknowledged_at else "", WordsForm,
        ),
        Verb(
            "refer", _("Hand on"), _("The institution you choose answers from now on. The trail is public, and the clock goes on."),
            _("Handed on."),
            lambda row, by, form: idea_answers.refer(row, by, form.cleaned_data["to"], form.cleaned_data["words"]),
            its_official, ITS_INSTITUTION, lambda row: _("It is answered.") if row.answered_at else "", ReferForm,
        ),
    )  # fmt: skip
    list_display = ("title", "standing", "support_count", "answer_due", "answered_at", "institution")
    list_filter = (AnswerFilter, "state", "sector", "institution")
    list_select_related = ("institution",)
    search_fields = ("title", "ask")
    ordering = ("-id",)
    fields = readonly_fields = (
        "title", "ask", "detail", "standing", "support_count", "author", "sector", "region", "institution", "activity",
        "created_at", "answer_due", "answered_at",
    )  # fmt: skip

    def within(self, request: HttpRequest, *roles: str) -> Any:
        rows = admin.ModelAdmin.get_queryset(self, request)
        if official(request).is_superuser:
            return rows
        mine = reach(request, *roles)
        return rows.filter(Q(institution__in=mine) | Q(activity__institution__in=mine))

    @admin.display(description=_("state"), ordering="state")
    def standing(self, row: Idea) -> SafeString:
        shape, colour = BADGES[State(row.state)]
        return badge(shape, row.get_state_display(), colour)

    def beside(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        answer = IdeaResponse.objects.filter(idea=row.pk).first()
        if answer:
            url = reverse("admin:discussions_idearesponse_change", args=[answer.pk])
        else:
            url = reverse("admin:discussions_idearesponse_add") + f"?idea={row.pk}"
        mine = row.institution_id in reach(request, *OFFICIAL) or official(request).is_superuser
        return {
            **super().beside(request, row), "answer": answer, "answer_url": url if mine else "",
        }  # fmt: skip

    def verb_context(self, request: HttpRequest, row: Any, verb: Verb) -> dict[str, Any]:
        said = [(_("What should be done"), row.ask), (_("Why, and how"), row.detail)]
        return {"texts": [(str(label), [(row.language, plain_html(words))]) for label, words in said if words]}


class PointRows(PartInline):
    model = ResponsePoint
    extra = 2
    verbose_name_plural = _("point by point")


def may_publish(user: Any, response: IdeaResponse) -> bool:
    return response.author_id != user.pk and holds(user, response.idea.institution, Role.APPROVER)


@admin.register(IdeaResponse)
class IdeaResponseAdmin(VerbPages):
    """The written answer: one official writes, another publishes. Published, it stays as it is."""

    institution_path = "idea__institution"
    records_itself = True
    inlines = (PointRows,)
    verbs = (
        Verb(
            "publish", _("Approve and publish"), _("Its author and everybody who supports the idea are told. A published answer stays as it is."),
            _("Published. Its author and everybody who supports it are told."),
            lambda row, by, form: idea_answers.publish_response(row, by), may_publish, APPROVERS,
            lambda row: _("It is published.") if row.published_at else "", shows_text=True,
        ),
    )  # fmt: skip
    list_display = ("summary", "idea", "standing", "author", "approver")
    list_select_related = ("idea", "author", "approver")
    search_fields = ("summary", "idea__title")
    ordering = ("-id",)
    fields = ("idea", "summary", "details")

    @admin.display(description=_("state"), ordering="published_at")
    def standing(self, row: IdeaResponse) -> SafeString:
        return badge("✓", _("Published"), "done") if row.published_at else badge("◐", _("Waiting for approval"), "warn")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return not (obj is not None and obj.published_at) and super().has_change_permission(request, obj)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("idea",) if obj else ()

    def get_field_queryset(self, db: Any, db_field: Any, request: HttpRequest) -> Any:
        """Ideas in the person's own forums that nobody has answered yet."""
        written = IdeaResponse.objects.filter(idea=OuterRef("pk"))
        found = Idea.objects.filter(~Exists(written), state=State.OPEN).order_by("-support_count", "-id")
        return found if official(request).is_superuser else found.filter(institution__in=reach(request, *OFFICIAL))

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        idea_answers.write_response(obj, official(request))

    def get_view_on_site_url(self, obj: Any = None) -> str | None:
        return obj.idea.get_absolute_url() if obj else None

    def verb_context(self, request: HttpRequest, row: Any, verb: Verb) -> dict[str, Any]:
        points = [(point.point, [("", plain_html(point.answer))]) for point in row.points.all()]
        texts = [
            (str(_("In short")), [("", plain_html(row.summary))]),
            (str(_("In full")), [("", plain_html(row.details))]),
            *points,
        ]
        return {"texts": texts, "concerns": row.idea}
