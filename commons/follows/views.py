"""The follow button."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from commons.activities.models import Activity
from commons.core.htmx import changed
from commons.directory.models import Institution
from commons.follows import following
from commons.people import drafts


@require_POST
def toggle(request: HttpRequest, kind: str, key: str) -> HttpResponse:
    """`follow=on` follows, anything else stops: the button says which, so a double click changes nothing more."""
    thing: Any
    if kind == "activity":
        thing = get_object_or_404(Activity.objects.visible_to(request.user), slug=key)
    elif kind == "group":
        thing = get_object_or_404(apps.get_model("groups", "Group").objects.visible(), slug=key)
    else:
        thing = get_object_or_404(Institution, code=key)
    if not request.user.is_authenticated:
        return drafts.to_sign_in(request, thing.get_absolute_url())
    wanted = request.POST.get("follow") == "on"
    (following.follow if wanted else following.unfollow)(request.user, thing)
    said = _("You will hear what happens here.") if wanted else _("You will no longer hear about this.")
    context = {"kind": kind, "thing": thing}
    return changed(request, fragment="follows/_button.html", context=context, url=thing.get_absolute_url(), said=said)
