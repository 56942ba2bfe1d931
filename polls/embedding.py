"""A poll on other sites: the question and the public results in a frame. What only some may see is never in it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.csp import CSP
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_safe

from commons.core.caching import public_page
from polls.finding import POLLS
from polls.results import results

# Any site may frame it. There is nothing to press in it but links, which open the poll itself.
FRAMED: dict[str, Any] = {
    **settings.SECURE_CSP,
    "frame-ancestors": ["*"],
    "script-src": [CSP.NONE],
    "form-action": [CSP.NONE],
}


@public_page
@require_safe
@xframe_options_exempt
@csp_override(FRAMED)
def embed(request: HttpRequest, slug: str) -> HttpResponse:
    """The same for everybody, also for whoever is signed in: another site's page must not show a person's own."""
    poll = POLLS.get(AnonymousUser(), slug)
    now = poll.read_at  # type: ignore[attr-defined]
    options = list(poll.options.order_by("number"))
    context = {
        "activity": poll, "poll": poll, "phase": poll.phase(now), "now": now, "options": options,
        "results": results(poll, options, now), "whole_page": True,
    }  # fmt: skip
    response = render(request, "polls/embed.html", context)
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response
