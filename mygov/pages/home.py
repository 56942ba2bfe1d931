"""The first page: what is open now, what changed because of citizens, ways to take part."""

from __future__ import annotations

from typing import Any

from django.db.models import DateTimeField
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from commons.activities.models import Activity, Contribution, Outcome
from commons.core import clock
from commons.core.caching import public_page
from commons.core.compiled import Compiled, Given
from commons.people.models import User

NOW: Any = Given("now", DateTimeField())
OPEN = Compiled(
    lambda: Activity.objects.open(NOW).for_cards().filter(closes_at__isnull=False).order_by("closes_at", "id")[:6]
)
OUTCOMES = Compiled(
    lambda: Outcome.objects.filter(published_at__lte=NOW, activity__state=Activity.State.PUBLISHED)
    .select_related("activity__institution").order_by("-published_at")[:4]
)  # fmt: skip


@public_page
def home(request: HttpRequest) -> HttpResponse:
    now = clock.now()
    context: dict[str, Any] = {
        "now": now,
        "open": OPEN.rows(now=now),
        "outcomes": OUTCOMES.rows(now=now),
    }  # fmt: skip
    if request.user.is_authenticated:
        context |= waiting_for(request.user)
    return render(request, "pages/home.html", context)


def waiting_for(person: User) -> dict[str, Any]:
    """What a signed-in person is greeted with: the newest answers to what they said, and who waits for them."""
    answered = Contribution.objects.filter(person=person, standing_at__isnull=False)
    mine = Activity.objects.none()
    if person.is_staff:
        mine = Activity.objects.visible_to(person).filter(state=Activity.State.IN_REVIEW).exclude(author=person)
    return {
        "answered": answered.select_related("activity").order_by("-standing_at")[:3],
        "to_approve": mine.select_related("institution")[:5],
    }
