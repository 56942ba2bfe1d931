"""Lists of activities, and the public change log of one."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from commons.activities import listing
from commons.activities.models import Activity
from commons.core import clock
from commons.core.caching import public_page
from commons.core.htmx import wants_fragment


@public_page
def activity_list(request: HttpRequest, *, kind: str = "", title: str = "") -> HttpResponse:
    """Everything to take part in; a kind's own list is the same with the kind fixed."""
    asked = listing.read(request.GET)
    if kind:
        asked.asked["kind"] = kind
    now = clock.now()
    page = listing.one_page(asked, now, request.GET.get("after", ""))
    context: dict[str, Any] = {
        "title": title or _("Everything to take part in"),
        "page": page,
        "now": now,
        "listing": asked,
        "q": asked.asked.get("q", ""),
        "next_url": asked.having("after", page.next) if page.next else "",
    }
    template = (
        "activities/_items.html" if wants_fragment(request) and request.GET.get("after") else "activities/list.html"
    )
    return render(request, template, context)


@public_page
def changes(request: HttpRequest, slug: str) -> HttpResponse:
    """What changed after it opened, and why."""
    activity = get_object_or_404(Activity.objects.visible_to(request.user).select_related("institution"), slug=slug)
    return render(request, "activities/changes.html", {"activity": activity, "changes": activity.changes.all()[:100]})


def page_context(request: HttpRequest, activity: Activity) -> dict[str, Any]:
    """What the skeleton `activities/page.html` needs, whatever the kind; `activity` is loaded by `for_page()`."""
    from commons.activities.eligibility import eligibility

    now: datetime = activity.read_at  # type: ignore[attr-defined]
    outcome = activity.outcome if activity.outcome_at else None
    shown_outcome = outcome if outcome and outcome.published_at and outcome.published_at <= now else None
    return {
        "activity": activity,
        "now": now,
        "phase": activity.phase(now),
        "allowed": eligibility(request.user, activity, now),
        "outcome": shown_outcome,
        "changes": list(activity.changes.all()[:5]) if activity.has_changes else [],  # type: ignore[attr-defined]
        "is_late": bool(activity.promise_by and activity.promise_by < now and shown_outcome is None),
        "is_public": activity.state in {Activity.State.PUBLISHED, Activity.State.WITHDRAWN}
        and activity.published_at is not None
        and activity.published_at <= now,
    }
