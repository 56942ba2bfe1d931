"""A poll's page, its ballot paper, its results."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from commons.activities.views import activity_list, page_context
from commons.audit.middleware import writes_no_history
from commons.comments.refused import Refused
from commons.core.caching import public_page
from commons.core.htmx import changed, wants_fragment
from commons.integrity.traces import remember, trace_of
from commons.people import drafts
from polls import breakdown, choices, list_views, papers, rules, share, voting
from polls.finding import POLLS, options_of
from polls.models import Ballot, Picture, Poll
from polls.results import results, with_left_out

if TYPE_CHECKING:
    from commons.people.models import User


@public_page
def poll_list(request: HttpRequest) -> HttpResponse:
    return activity_list(request, kind="polls", title=_("Polls"))


@public_page
@require_safe
def detail(request: HttpRequest, slug: str) -> HttpResponse:
    """The question, the ballot paper, and the results as soon as they may be seen."""
    poll = POLLS.get(request.user, slug)
    context = page_context(request, poll)
    return render(request, "polls/detail.html", context | everything(request, poll, context))


def everything(request: HttpRequest, poll: Poll, page: dict[str, Any], mine: Ballot | None = None) -> dict[str, Any]:
    """What a poll's templates need beside the page's frame. `mine` is the ballot of a guest."""
    options = options_of(poll)
    mine = mine or papers.ballot_of(request, poll)
    typed = drafts.kept(request, papers.draft_key(poll)) if page["phase"] == Poll.Phase.OPEN else {}
    chosen = choices.read(mine.choice) if mine else None
    shown = results(poll, options, page["now"], mine=chosen)
    return {
        "poll": poll,
        "options": options,
        "mine": mine,
        "takes_guests": rules.open_to_guests(poll),
        "chosen": papers.in_words(poll, options, chosen) if chosen is not None else [],
        "form": papers.paper(request, poll, options, page["now"], chosen=chosen, typed=typed),
        "typed": typed,
        "results": shown,
        "has_picture": share.is_public(poll, shown, page["now"]),
        "results_now": page["phase"] == Poll.Phase.CLOSED,
    }


@writes_no_history
@public_page
@require_http_methods(["GET", "HEAD", "POST"])
def ballot(request: HttpRequest, slug: str) -> HttpResponse:
    """The ballot paper by itself; casts it. Whoever is not signed in signs in last, and finds the choice again."""
    poll = POLLS.get(request.user, slug)
    page = page_context(request, poll)
    if request.method != "POST":
        return render(request, "polls/ballot.html", page | everything(request, poll, page))
    if not request.user.is_authenticated:
        typed = {name: value for name, value in request.POST.dict().items() if name != "csrfmiddlewaretoken"}
        return drafts.keep_and_sign_in(request, papers.draft_key(poll), typed, request.path)
    return cast(request, request.user, poll, page)


def cast(request: HttpRequest, person: User, poll: Poll, page: dict[str, Any]) -> HttpResponse:
    options = options_of(poll)
    form, trace = papers.paper(request, poll, options, page["now"], data=request.POST), trace_of(request)
    if form.is_valid():
        try:
            order, values = papers.order_of(form.options), form.cleaned_data["values"]
            given = voting.vote(poll, options, person, values, order=order, trace=trace)
        except ValidationError as error:
            form.add_error(None, error)
        except Refused as refused:
            page["refused"] = refused.words
            form.add_error(None, refused.words)
        else:
            drafts.forget(request, papers.draft_key(poll))
            said = _("Your vote is changed. Only the new one counts.") if given.changed else _("Your vote is recorded.")
            fragment = "polls/_vote.html" if wants_fragment(request) else ""
            context = page | (everything(request, poll, page) if fragment else {})
            url = f"{poll.get_absolute_url()}#ballot"
            response = changed(request, fragment=fragment, context=context, url=url, said=said)
            return remember(request, response, trace)
    context = page | everything(request, poll, page) | {"form": form, "edits": True}
    template = "polls/_vote.html" if wants_fragment(request) else "polls/ballot.html"
    return render(request, template, context, status=422)


@public_page
@require_safe
def results_page(request: HttpRequest, slug: str) -> HttpResponse:
    """What came out, as soon as it may be seen; until then, from when on."""
    poll = POLLS.get(request.user, slug)
    page = page_context(request, poll)
    context = page | everything(request, poll, page) | {"results_now": True, "whole_page": True}
    if poll.is_counted and not context["results"].hidden:
        context |= list_views.looked_up(request, poll, context["options"])
        if context["results"].left_out:
            context["with_left_out"] = with_left_out(poll, context["options"], context["results"])
    if poll.is_counted:
        context["tables"] = breakdown.tables(poll, context["options"], context["results"])
    return render(request, "polls/results.html", context)


@require_safe
def picture(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """An option's picture. It stays as it is once the poll is open."""
    poll = POLLS.get(request.user, slug)
    found = get_object_or_404(Picture, option__poll=poll, option__number=number)
    response = HttpResponse(bytes(found.webp), content_type="image/webp")
    is_public = poll.state == Poll.State.PUBLISHED and not request.user.is_authenticated
    response["Cache-Control"] = "public, max-age=86400" if is_public else "private, no-store"
    return response
