"""Officials read the comments in their activities, and say what became of them. They reply on the public page."""

from __future__ import annotations

import re
from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from commons.activities.ledger_admin import ActivityFilter, ReadOnly, answer_action, standing_badge
from commons.comments.models import Comment
from commons.directory.admin_widgets import badge
from commons.directory.rules import OFFICIAL

State = Comment.State
BADGES = {
    State.VISIBLE: ("●", "done"),
    State.HELD: ("◐", "warn"),
    State.HIDDEN: ("✕", "error"),
    State.REMOVED: ("○", "quiet"),
}


class OfficialFilter(admin.SimpleListFilter):
    title = _("written by")
    parameter_name = "official"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("no", _("Citizens")), ("yes", _("The institution"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return (
            queryset.filter(as_institution__isnull=self.value() == "no") if self.value() in {"no", "yes"} else queryset
        )


@admin.register(Comment)
class CommentAdmin(ReadOnly):
    """The list to choose from. Hidden comments stand there too, so that nobody answers them by mistake."""

    institution_path = "activity__institution"
    actions = (answer_action("contribution", Q(state=State.VISIBLE, as_institution=None)),)
    list_display = ("said", "state_badge", "answer", "weight", "author", "activity", "created_at")
    list_filter = (ActivityFilter, "state", "contribution__standing", OfficialFilter, "stance")
    list_select_related = ("activity", "author", "contribution")
    search_fields = ("body",)
    search_help_text = _("Words of the comment")
    ordering = ("-id",)
    fields = readonly_fields = (
        "body", "state_badge", "state_words", "answer", "author", "stance", "activity", "up", "down", "reply_count", "created_at",
    )  # fmt: skip

    def get_search_results(self, request: HttpRequest, queryset: QuerySet[Any], search_term: str) -> tuple[Any, bool]:
        """By regular expression, because that is what the trigram index can serve; `icontains` reads every row."""
        for word in search_term.split()[:6]:
            queryset = queryset.filter(Q(body__iregex=re.escape(word)))
        return queryset, False

    def has_answer_permission(self, request: HttpRequest) -> bool:
        return self.may(request, OFFICIAL, None)

    @admin.display(description=_("comment"))
    def said(self, row: Comment) -> str:
        return Truncator(row.body).chars(160)

    @admin.display(description=_("state"), ordering="state")
    def state_badge(self, row: Comment) -> SafeString:
        shape, colour = BADGES[State(row.state)]
        return badge(shape, row.get_state_display(), colour)

    @admin.display(description=_("votes, replies"), ordering="best")
    def weight(self, row: Comment) -> str:
        return f"+{row.up} −{row.down} · ↳ {row.reply_count}"

    @admin.display(description=_("what became of it"))
    def answer(self, row: Comment) -> SafeString:
        return standing_badge(row.contribution)
