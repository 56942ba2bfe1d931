"""Tells followers once when a consultation reaches its next step. The calendar decides; a stopped worker only delays the news."""

from __future__ import annotations

from django.db import transaction
from django.db.models.functions import Now

from commons.audit.events import happened
from commons.core import clock
from commons.core.moments import INDIA
from consultations.models import Consultation, Step


def announce() -> int:
    """Returns how many steps were told about. The first draft is told about by its opening."""
    today = clock.now().astimezone(INDIA).date()
    due = Step.objects.filter(day__lte=today, announced_at=None, consultation__in=Consultation.objects.published())
    told = 0
    for pk, name in list(due.order_by("day", "pk").values_list("pk", "name")[:200]):
        with transaction.atomic():
            if Step.objects.filter(pk=pk, announced_at=None).update(announced_at=Now()):
                told += 1
                if name != Step.Name.DRAFT:
                    happened("consultation step", pk)
    return told
