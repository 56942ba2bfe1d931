"""Groups' pages, and joining one."""

from __future__ import annotations

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from commons.activities.models import Activity, Outcome
from commons.core import clock, keyset
from commons.core.caching import public_page
from commons.core.htmx import changed
from commons.directory.models import Sector
from commons.people import drafts
from groups import membership as joining
from groups.models import Group


@public_page
def group_list(request: HttpRequest) -> HttpResponse:
    """All active groups, by subject or by a word."""
    groups = Group.objects.visible().select_related("institution")
    q = request.GET.get("q", "").replace("\x00", "")[:100]
    sector = Sector.objects.filter(slug=request.GET.get("sector", "").replace("\x00", "")[:60]).first()
    if sector:
        groups = groups.filter(sectors=sector)
    for word in q.split()[:6]:
        groups = groups.filter(Q(name__icontains=word) | Q(objective__icontains=word))
    page = keyset.page(groups, ["slug"], request.GET.get("after", ""), 24)
    context = {"page": page, "sectors": Sector.objects.all()[:60], "sector": sector, "q": q}
    return render(request, "groups/list.html", context)


@public_page
def detail(request: HttpRequest, slug: str) -> HttpResponse:
    """What is open now, what changed because of citizens, who is here."""
    known = Group.objects.exclude(state=Group.State.PROPOSED).select_related("institution")
    group = get_object_or_404(known, slug=slug)
    now = clock.now()
    published = Activity.objects.published(now).filter(group=group).select_related("institution")
    context = {
        "group": group,
        "now": now,
        "open": published.open(now).order_by("closes_at", "id")[:12],
        "soon": published.scheduled(now).order_by("opens_at", "id")[:6],
        "earlier": published.closed(now).order_by("-closes_at", "-id")[:6],
        "outcomes": Outcome.objects.filter(activity__group=group, published_at__lte=now, activity__state="published")
        .select_related("activity__institution").order_by("-published_at")[:6],
        "is_member": joining.is_member(request.user, group),
        "posts": group.posts.select_related("person")[:12],
    }  # fmt: skip
    return render(request, "groups/detail.html", context)


@require_POST
def membership(request: HttpRequest, slug: str) -> HttpResponse:
    """`member=on` joins, anything else leaves."""
    group = get_object_or_404(Group.objects.visible(), slug=slug)
    if not request.user.is_authenticated:
        return drafts.to_sign_in(request, group.get_absolute_url())
    wanted = request.POST.get("member") == "on"
    (joining.join if wanted else joining.leave)(group, request.user)
    group.refresh_from_db(fields=["member_count"])
    said = _("You are a member now.") if wanted else _("You are no longer a member.")
    context = {"group": group, "is_member": wanted}
    return changed(
        request, fragment="groups/_membership.html", context=context, url=group.get_absolute_url(), said=said
    )
