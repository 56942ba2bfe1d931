"""The audit trail, to read. It stands here because it is scoped by activities, which the audit floor does not know."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import CharField, Q, QuerySet
from django.db.models.functions import Cast
from django.http import HttpRequest
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from commons.activities.ledger_admin import ReadOnly
from commons.activities.models import Activity
from commons.audit.models import Entry
from commons.directory.history import as_text, verb_name, who
from commons.directory.models import Institution, Post
from commons.directory.scoped_admin import official, reach


@admin.register(Entry)
class EntryAdmin(ReadOnly):
    """Acts on the person's institutions, their activities and their posts; the database refuses changes."""

    list_display = ("at", "actor_name", "act", "label", "words")
    list_select_related = ("actor",)
    search_fields = ("label", "words")
    ordering = ("-id",)
    fields = readonly_fields = ("at", "actor_name", "act", "label", "words", "changes")

    def within(self, request: HttpRequest, *roles: str) -> QuerySet[Any]:
        rows = admin.ModelAdmin.get_queryset(self, request)
        if official(request).is_superuser:
            return rows
        mine = reach(request, *roles)
        posts = Post.objects.filter(institution__in=mine).values(text=Cast("pk", CharField()))
        return rows.filter(
            Q(activity_id__in=Activity.objects.filter(institution__in=mine).values("pk"))
            | Q(target_type=Institution._meta.label_lower, target_id__in=[str(pk) for pk in mine])
            | Q(target_type=Post._meta.label_lower, target_id__in=posts)
        )

    @admin.display(description=_("who"))
    def actor_name(self, row: Entry) -> str:
        return who(row.actor)

    @admin.display(description=_("act"), ordering="verb")
    def act(self, row: Entry) -> str:
        return verb_name(row.verb)

    @admin.display(description=_("before and after"))
    def changes(self, row: Entry) -> SafeString:
        names = [*row.before, *(name for name in row.after if name not in row.before)]
        pairs = ((name, as_text(row.before.get(name)) or "–", as_text(row.after.get(name)) or "–") for name in names)
        return format_html_join("", "<p><b>{}</b>: <del>{}</del> → <ins>{}</ins></p>", pairs)
