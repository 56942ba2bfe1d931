"""Voting without an account, where a poll allows it. A page of its own: public pages are the same for everybody."""

from __future__ import annotations

from typing import Any

from allauth.core import ratelimit
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from commons.activities.views import page_context
from commons.audit.middleware import writes_no_history
from commons.comments.refused import Refused
from commons.core.htmx import changed, sent_away, wants_fragment
from commons.integrity.traces import remember, trace_of
from commons.people import drafts
from commons.people import guests as browsers
from polls import guests, papers, rules
from polls.finding import POLLS, options_of
from polls.models import Poll
from polls.views import everything


@writes_no_history
@require_http_methods(["GET", "HEAD", "POST"])
def ballot(request: HttpRequest, slug: str) -> HttpResponse:
    """The ballot paper for a browser without an account, with what it has voted; casts it."""
    poll = POLLS.get(request.user, slug)
    if request.user.is_authenticated:
        return sent_away(request, reverse("polls:ballot", args=[slug]))
    if not rules.open_to_guests(poll):
        raise Http404
    page = page_context(request, poll) | {"as_guest": True}
    key = browsers.key_of(request)
    if request.method == "POST":
        return cast(request, poll, page, key)
    return render(request, "polls/ballot.html", page | everything(request, poll, page, guests.ballot_of(poll, key)))


def cast(request: HttpRequest, poll: Poll, page: dict[str, Any], key: str) -> HttpResponse:
    options = options_of(poll)
    form = papers.paper(request, poll, options, page["now"], data=request.POST)
    key, trace = key or browsers.new_key(), trace_of(request)
    if form.is_valid():
        try:
            if not ratelimit.consume(request, action="guest_ballot"):
                raise Refused(
                    "many", _("Many votes came from your network just now. Try again in some minutes, or sign in.")
                )
            order, values = papers.order_of(form.options), form.cleaned_data["values"]
            given = guests.vote(poll, options, key, values, order=order, trace=trace)
        except ValidationError as error:
            form.add_error(None, error)
        except Refused as refused:
            form.add_error(None, refused.words)
        else:
            drafts.forget(request, papers.draft_key(poll))
            said = _("Your vote is changed. Only the new one counts.") if given.changed else _("Your vote is recorded.")
            fragment = "polls/_vote.html" if wants_fragment(request) else ""
            context = page | (everything(request, poll, page, guests.ballot_of(poll, key)) if fragment else {})
            response = changed(request, fragment=fragment, context=context, url=f"{request.path}#ballot", said=said)
            browsers.remember(response, key)
            return remember(request, response, trace)
    context = page | everything(request, poll, page, guests.ballot_of(poll, key)) | {"form": form, "edits": True}
    template = "polls/_vote.html" if wants_fragment(request) else "polls/ballot.html"
    return render(request, template, context, status=422)
