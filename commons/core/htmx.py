"""One code path, two answers: HTMX gets the changed fragment, everybody else a redirect after POST."""

import json
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.safestring import SafeString
from django_htmx.http import HttpResponseClientRedirect


def wants_fragment(request: HttpRequest) -> bool:
    """Whether HTMX asks. Django's own type of request does not know what django-htmx adds; this does."""
    return bool(request.htmx)  # type: ignore[attr-defined]


def changed(
    request: HttpRequest, *, fragment: str, context: dict[str, Any], url: str, said: str, status: int = 200
) -> HttpResponse:
    """Answers a POST that changed something.

    `fragment` (a template, a template#partial, or HTML that is ready) goes to HTMX with `said` announced in the live region;
    without HTMX, or without a fragment, the person is sent to `url`, where `said` is shown as a message.
    """
    if not wants_fragment(request) or not fragment:
        messages.success(request, said)
        return sent_away(request, url)
    if isinstance(fragment, SafeString):
        response = HttpResponse(fragment, status=status)
    else:
        response = render(request, fragment, context, status=status)
    response["HX-Trigger"] = json.dumps({"announce": str(said)})
    return response


def sent_away(request: HttpRequest, url: str) -> HttpResponse:
    """A redirect that HTMX follows with the whole page, so that a sign-in form never lands in a fragment."""
    if wants_fragment(request):
        return HttpResponseClientRedirect(url)
    return HttpResponseRedirect(url)
