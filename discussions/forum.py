"""The open forum's list of ideas: every filter is a link, a page at a time."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.db.models import Q
from django.db.models.functions import Now
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from commons.core import clock, keyset
from commons.core.caching import public_page
from commons.directory.models import Sector
from discussions.models import Discussion, Idea
from discussions.models.idea import IdeaQuerySet

ORDERS = {"supported": ["-support_count", "-id"], "newest": ["-id"]}
SIZE = 20


def open_forum() -> Discussion | None:
    """Where a new idea goes: the forum that opened last and is open now."""
    return Discussion.objects.filter(is_forum=True).open().select_related("institution").order_by("-opens_at").first()


def view_of(ideas: IdeaQuerySet, view: str) -> IdeaQuerySet:
    """The ideas of one tab: open, owed an answer, answered, closed, not accepted."""
    if view == "owed":
        return ideas.to_answer()
    if view == "answered":
        return ideas.shown().filter(answered_at__isnull=False)
    if view == "closed":
        return ideas.shown().filter(closes_at__lte=Now())
    if view == "rejected":
        return ideas.filter(state=Idea.State.REJECTED)
    return ideas.shown().filter(Q(closes_at=None) | Q(closes_at__gt=Now()))


@public_page
def forum(request: HttpRequest) -> HttpResponse:
    """Ideas of citizens, the most supported or the newest first."""
    asked = {name: request.GET.get(name, "").replace("\x00", "")[:100] for name in ("order", "view", "sector", "q")}
    order = asked["order"] if asked["order"] in ORDERS else "supported"
    sectors = list(Sector.objects.order_by("slug")[:60])
    sector = next((one for one in sectors if one.slug == asked["sector"]), None)
    ideas = view_of(Idea.objects.filter(activity__in=Discussion.objects.published()), asked["view"])
    if sector:
        ideas = ideas.filter(sector=sector)
    for word in asked["q"].split()[:6]:
        ideas = ideas.filter(Q(title__icontains=word) | Q(ask__icontains=word))
    page = keyset.page(ideas.select_related("region", "sector"), ORDERS[order], request.GET.get("after", ""), SIZE)
    context: dict[str, Any] = {
        "page": page,
        "now": clock.now(),
        "forum": open_forum(),
        "q": asked["q"],
        "kept": {name: value for name, value in asked.items() if value and name != "q"},
        "next_url": address(asked, after=page.next) if page.next else "",
        "filters": filters(asked, order, sectors, sector),
    }
    return render(request, "ideas/forum.html", context)


def filters(asked: dict[str, str], order: str, sectors: list[Sector], sector: Sector | None) -> list[dict[str, Any]]:
    views = [
        ("", _("Open")), ("owed", _("Waiting for an answer")), ("answered", _("Answered")), ("closed", _("Closed")),
        ("rejected", _("Not accepted")),
    ]  # fmt: skip
    orders = [("supported", _("Most supported")), ("newest", _("Newest"))]
    subjects = [("", _("All")), *((one.slug, str(one)) for one in sectors)]
    view = asked["view"] if asked["view"] in dict(views) else ""
    rows = [
        ("view", _("Which ideas"), views, view),
        ("order", _("Order"), orders, order),
        ("sector", _("Subject"), subjects, sector.slug if sector else ""),
    ]
    return [
        {"label": label, "links": [(words, address(asked, **{name: v}), v == chosen) for v, words in values]}
        for name, label, values, chosen in rows
    ]


def address(asked: dict[str, str], **other: str | None) -> str:
    return "?" + urlencode({name: value for name, value in {**asked, **other}.items() if value})
