"""Institutions' public pages: they stand above the directory, because they show activities."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from commons.activities.models import Activity, Outcome
from commons.core import clock
from commons.core.caching import public_page
from commons.directory.models import Institution


@public_page
def institution_list(request: HttpRequest) -> HttpResponse:
    institutions = Institution.objects.select_related("parent").order_by("code")[:200]
    return render(request, "directory/institutions.html", {"institutions": institutions})


@public_page
def institution(request: HttpRequest, code: str) -> HttpResponse:
    """What it asks now, what it answered, its groups."""
    shown = get_object_or_404(Institution.objects.select_related("parent"), code=code)
    now = clock.now()
    own = Activity.objects.published(now).filter(institution=shown).select_related("institution")
    context = {
        "institution": shown,
        "now": now,
        "open": own.open(now).order_by("closes_at", "id")[:12],
        "outcomes": Outcome.objects.filter(activity__institution=shown, published_at__lte=now, activity__state="published")
        .select_related("activity__institution").order_by("-published_at")[:6],
        "groups": shown.groups.visible()[:24],
        "children": shown.children.all()[:50],
    }  # fmt: skip
    return render(request, "directory/institution.html", context)
