"""Discussions, the ideas citizens bring to a forum, and the written answers to them."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Exists, OuterRef
from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from commons.activities.activity_verbs import APPROVERS
from commons.activities.admin import ActivityAdmin
from commons.activities.ledger_admin import ActivityFilter, ReadOnly
from commons.core import clock
from commons.directory.admin_widgets import badge
from commons.directory.rules import OFFICIAL, Role, holds
from commons.directory.scoped_admin import PartInline, reach
from commons.directory.verb_pages import Verb, VerbPages
from discussions import ideas
from discussions.models import Discussion, Idea, IdeaResponse, ResponsePoint


@admin.register(Discussion)
class DiscussionAdmin(ActivityAdmin):
    FORUM = (_("Open forum"), {"fields": ("is_forum", "sponsors_needed", "answer_at"), "classes": ("collapse",)})
    fieldsets = (*ActivityAdmin.fieldsets[:-1], FORUM, ActivityAdmin.ADDRESS)


State = Idea.State
BADGES = {
    State.PENDING: ("◔", "warn"), State.OPEN: ("●", "done"), State.RETIRED: ("■", "quiet"),
    State.REJECTED: ("✕", "error"), State.HELD: ("◐", "warn"), State.HIDDEN: ("✕", "error"),
}  # fmt: skip


class AnswerFilter(admin.SimpleListFilter):
    title = _("answer")
    parameter_name = "answer"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("due", _("Owed")), ("overdue", _("Overdue")), ("given", _("Given"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        owed = {"answer_due__isnull": False, "answered_at": None}
        return {
            "due": queryset.filter(**owed),
            "overdue": queryset.filter(**owed, answer_due__lt=clock.now().date()),
            "given": queryset.filter(answered_at__isnull=False),
        }.get(self.value() or "", queryset)


@admin.register(Idea)
class IdeaAdmin(ReadOnly):
    """What citizens brought. Officials read it, and write the answer the institution owes."""

    institution_path = "activity__institution"
    change_form_template = "admin/idea.html"
    list_display = ("title", "state_badge", "support_count", "answer_due", "answered_at", "activity")
    list_filter = (AnswerFilter, "state", "sector", ActivityFilter)
    list_select_related = ("activity",)
    search_fields = ("title", "ask")
    ordering = ("-id",)
    fields = readonly_fields = (
        "title", "ask", "detail", "state_badge", "support_count", "author", "sector", "region", "activity", "created_at",
        "answer_due", "answered_at",
    )  # fmt: skip

    @admin.display(description=_("state"), ordering="state")
    def state_badge(self, row: Idea) -> SafeString:
        shape, colour = BADGES[State(row.state)]
        return badge(shape, row.get_state_display(), colour)

    def change_view(self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None) -> Any:
        answer = IdeaResponse.objects.filter(idea=object_id).first() if object_id.isdecimal() else None
        if answer:
            url = reverse("admin:discussions_idearesponse_change", args=[answer.pk])
        else:
            url = reverse("admin:discussions_idearesponse_add") + f"?idea={object_id}"
        may = self.may(request, OFFICIAL, None)
        return super().change_view(request, object_id, form_url, {"answer": answer, "answer_url": url if may else ""})


class PointRows(PartInline):
    model = ResponsePoint
    extra = 2
    verbose_name_plural = _("point by point")


def may_publish(user: Any, response: IdeaResponse) -> bool:
    return response.author_id != user.pk and holds(user, response.idea.activity.institution, Role.APPROVER)


@admin.register(IdeaResponse)
class IdeaResponseAdmin(VerbPages):
    """The written answer: one official writes, another publishes. Published, it stays as it is."""

    institution_path = "idea__activity__institution"
    records_itself = True
    inlines = (PointRows,)
    verbs = (
        Verb(
            "publish", _("Approve and publish"), _("Its author and everybody who supports the idea are told. A published answer stays as it is."),
            _("Published. Its author and everybody who supports it are told."),
            lambda row, by, form: ideas.publish_response(row, by), may_publish, APPROVERS,
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
        found = Idea.objects.filter(~Exists(written), state__in=[State.OPEN, State.PENDING]).order_by("-support_count", "-id")
        return found if request.user.is_superuser else found.filter(activity__institution__in=reach(request, *OFFICIAL))

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        ideas.write_response(obj, request.user)

    def get_view_on_site_url(self, obj: Any = None) -> str | None:
        return obj.idea.get_absolute_url() if obj else None

    def verb_context(self, request: HttpRequest, row: Any, verb: Verb) -> dict[str, Any]:
        points = [(point.point, [("en", point.answer)]) for point in row.points.all()]
        texts = [(str(_("In short")), [("en", row.summary)]), (str(_("In full")), [("en", row.details)]), *points]
        return {"texts": texts, "standing": self.standing(row), "concerns": row.idea}
