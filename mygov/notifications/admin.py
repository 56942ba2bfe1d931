"""What was sent, waits and failed, for the platform's administrators: to read, and to have it tried again.

Nobody's address stands here; who was written to is the person's number.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from commons.activities.ledger_admin import ReadOnly
from commons.audit.models import Event
from commons.audit.record import record
from commons.core.moments import ist
from commons.directory.scoped_admin import official
from mygov.notifications import figures, sending, telling
from mygov.notifications.models import Delivery, Digest

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest, HttpResponse


class Sent(ReadOnly):
    """Rows of what goes out."""

    institution_path = None
    viewers = ()
    actions = ("try_again",)
    ordering = ("-id",)

    @admin.action(description=_("Try the selected again"), permissions=["view"])
    def try_again(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """Only what was given up: what waits is tried by itself, and what was sent is not sent twice."""
        again = list(queryset.filter(state="failed").order_by("pk")[: self.list_per_page])
        done = sending.retry(type(again[0])._default_manager.filter(pk__in=[row.pk for row in again])) if again else 0
        for row in again:
            record(f"{self.opts.model_name}.retry", row, by=official(request), before={"error": row.error})
        words = ngettext("%(n)s is tried again.", "%(n)s are tried again.", done) % {"n": done}
        self.message_user(request, words, messages.SUCCESS if done else messages.WARNING)


@admin.register(Delivery)
class DeliveryAdmin(Sent):
    """Mail and SMS that tell one thing at once; above the list, how each channel is doing."""

    change_list_template = "admin/deliveries.html"
    list_display = ("id", "created", "channel", "event", "person_number", "state", "attempts", "receipt", "error")
    list_filter = ("channel", "state", "receipt")
    list_select_related = ("notification",)
    fields = readonly_fields = (
        "created", "channel", "event", "person_number", "state", "attempts", "next_try_at", "sent_at", "receipt",
        "provider_id", "header", "template", "error",
    )  # fmt: skip

    @admin.display(description=_("told"), ordering="notification__created_at")
    def created(self, row: Delivery) -> str:
        return ist(row.notification.created_at)

    @admin.display(description=_("event"))
    def event(self, row: Delivery) -> str:
        return row.notification.event

    @admin.display(description=_("person"))
    def person_number(self, row: Delivery) -> int:
        return row.notification.person_id

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        shown = {"lines": figures.lines(), "stuck": figures.stuck()} if self.has_view_permission(request) else {}
        return super().changelist_view(request, {**shown, **(extra_context or {})})


@admin.register(Digest)
class DigestAdmin(Sent):
    """Daily and weekly mails."""

    list_display = ("id", "day", "period", "person_id", "state", "attempts", "sent_at", "error")
    list_filter = ("period", "state")
    fields = readonly_fields = ("day", "period", "person_id", "state", "attempts", "next_try_at", "sent_at", "error")


@admin.register(Event)
class EventAdmin(ReadOnly):
    """What happened and nobody was told about yet."""

    institution_path = None
    viewers = ()
    actions = ("tell_now",)
    ordering = ("next_try_at", "id")
    list_display = ("id", "name", "target_id", "at", "attempts", "next_try_at", "error")
    fields = readonly_fields = ("name", "target_id", "at", "attempts", "next_try_at", "told_at", "error")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).filter(told_at=None)

    @admin.action(description=_("Tell the selected now"), permissions=["view"])
    def tell_now(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        keys = list(queryset.order_by("pk").values_list("pk", flat=True)[: self.list_per_page])
        done = telling.hurry(Event.objects.filter(pk__in=keys))
        for event in Event.objects.filter(pk__in=keys):
            record("event.retry", event, by=official(request), before={"error": event.error})
        words = ngettext("%(n)s is told within seconds.", "%(n)s are told within seconds.", done) % {"n": done}
        self.message_user(request, words, messages.SUCCESS)
