"""The follow button, and the page of what one follows."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from commons.activities.models import Activity
from commons.core import keyset
from commons.core.htmx import changed
from commons.directory.models import Institution, Region, Sector
from commons.follows import following
from commons.follows.models import Follow
from commons.people import drafts


@require_POST
def toggle(request: HttpRequest, kind: str, key: str | int) -> HttpResponse:
    """`follow=on` follows, anything else stops: the button says which, so a double click changes nothing more."""
    seen: dict[str, QuerySet[Any]] = {
        "activity": Activity.objects.visible_to(request.user),
        "group": apps.get_model("groups", "Group").objects.visible(),
        "institution": Institution.objects.all(),
        "region": Region.objects.all(),
        "sector": Sector.objects.all(),
    }
    thing: Any = get_object_or_404(seen[kind], **{following.KEYS[kind]: key})
    if not request.user.is_authenticated:
        return drafts.to_sign_in(request, thing.get_absolute_url())
    wanted = request.POST.get("follow") == "on"
    (following.follow if wanted else following.unfollow)(request.user, thing)
    said = _("You will hear what happens here.") if wanted else _("You will no longer hear about this.")
    context = {"kind": kind, "thing": thing, "name": thing if kind in {"region", "sector"} else ""}
    return changed(request, fragment="follows/_button.html", context=context, url=thing.get_absolute_url(), said=said)


@require_GET
def follow_list(request: HttpRequest) -> HttpResponse:
    """What one follows, the newest first."""
    if not request.user.is_authenticated:
        return drafts.to_sign_in(request, request.get_full_path())
    page = keyset.page(following.list_of(request.user), ["-id"], request.GET.get("after", ""), 30)
    return render(request, "follows/list.html", {"follows": page.rows, "next": page.next})


@require_POST
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """Stops following one thing of the list, and shows the list again."""
    url = reverse("follows:list")
    if not request.user.is_authenticated:
        return drafts.to_sign_in(request, url)
    follow = get_object_or_404(Follow, person=request.user, pk=pk)
    following.unfollow(request.user, follow.thing)
    said = _("You will no longer hear about this.")
    return changed(request, fragment="", context={}, url=url, said=said)
