"""What a person does with a comment: answer, vote, change, take back, pin."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseRedirect
from django.shortcuts import render
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from commons.audit.middleware import writes_no_history
from commons.comments import acts, reading, rules, voting, writing
from commons.comments.models import Comment
from commons.comments.places import composer, place_in
from commons.comments.refused import Refused
from commons.comments.render import Viewer, vote_block, words_in
from commons.comments.views import comment_for
from commons.core import clock
from commons.core.caching import public_page
from commons.core.htmx import changed, wants_fragment
from commons.integrity.traces import remember, trace_of
from commons.people import drafts


@public_page
@require_http_methods(["GET", "HEAD", "POST"])
def reply(request: HttpRequest, pk: int) -> HttpResponse:
    """Answers one comment: a fragment under it, or a page of its own. Whoever is not signed in signs in last."""
    parent = comment_for(request, pk)
    place = place_in(parent.activity, request.user, parent.anchor)
    if place.sides or parent.state != Comment.State.VISIBLE:
        raise Http404
    if request.method == "POST":
        return acts.post(request, place, parent)
    typed = drafts.kept(request, place.draft_key(parent))
    context = composer(
        place, place.form(initial=typed, parent=parent), parent=parent, typed=typed,
        allowed=place.allows(request.user),
        official=rules.may_answer_officially(request.user, parent.activity),
    )  # fmt: skip
    return render(request, "comments/_composer.html" if wants_fragment(request) else "comments/write.html", context)


@writes_no_history
@require_POST
def vote(request: HttpRequest, pk: int) -> HttpResponse:
    """Support, oppose or take back: answers with the counts."""
    back = drafts.own_path(request, request.POST.get("next", ""))
    if not request.user.is_authenticated:
        return drafts.to_sign_in(request, back)
    if request.POST.get("value") not in {"-1", "0", "1"}:
        return HttpResponseBadRequest(_("A vote is for or against."), content_type="text/plain")
    value = int(request.POST["value"])
    trace = trace_of(request)
    counts = voting.vote(pk, request.user.pk, value, trace=trace)
    if counts is None:
        try:
            counts = voting.vote_or_refuse(comment_for(request, pk), request.user, value, trace=trace)
        except Refused as refused:
            if wants_fragment(request):
                return HttpResponse(refused.words, status=409, content_type="text/plain; charset=utf-8")
            messages.warning(request, refused.words)
            return HttpResponseRedirect(back)
    said = _("Your vote is recorded.") if counts.mine else _("Your vote is taken back.")
    buttons = voted(request, counts, back) if wants_fragment(request) else ""
    response = changed(request, fragment=buttons, context={}, url=back, said=said)
    return remember(request, response, trace)


def voted(request: HttpRequest, counts: voting.Counts, back: str) -> SafeString:
    """The two buttons anew, with the counts the statement answered with."""
    viewer = Viewer(request, back=back.partition("#")[0], can_write=True, can_vote=True)
    mine = reading.Mine({counts.id: counts.mine}, {})
    return mark_safe(vote_block(counts, viewer, mine, words_in(get_language() or "en")))  # noqa: S308 - escaped parts


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """One's own comment in a form; what is typed is kept when the session is gone or the time is over."""
    comment = comment_for(request, pk)
    key = f"edit:{comment.pk}"
    if not request.user.is_authenticated:
        typed = {"body": request.POST["body"]} if "body" in request.POST else {}
        return drafts.keep_and_sign_in(request, key, typed, request.get_full_path())
    if not rules.may_edit(request.user, comment):
        raise Http404
    place = place_in(comment.activity, request.user, comment.anchor)
    typed = drafts.kept(request, key)
    form = place.form(request.POST or None, initial={"body": comment.body, **typed})
    form.fields.pop("stance", None)
    if request.method == "POST" and form.is_valid():
        try:
            writing.edit(comment, request.user, form.cleaned_data["body"])
        except ValidationError as error:
            form.add_error("body", error)
        except Refused as refused:
            drafts.keep(request, key, {"body": form.cleaned_data["body"]})
            form.add_error("body", _("%(why)s Your text is kept as a draft.") % {"why": refused.words})
        else:
            drafts.forget(request, key)
            url = f"{comment.get_absolute_url()}#c{comment.pk}"
            return changed(request, fragment="", context={}, url=url, said=_("Your comment is changed."))
    context = {
        "form": form, "comment": comment, "activity": comment.activity,
        "silent": rules.edits_silently(comment, clock.now()),
    }  # fmt: skip
    return render(request, "comments/edit.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def removal(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks, and takes back."""
    comment = comment_for(request, pk)
    if not request.user.is_authenticated:
        return drafts.to_sign_in(request, request.get_full_path())
    if not rules.may_remove(request.user, comment):
        raise Http404
    if request.method == "POST":
        writing.remove(comment, request.user)
        url = place_in(comment.activity, request.user, comment.anchor).page
        return changed(request, fragment="", context={}, url=url, said=_("Your comment is taken back."))
    return render(request, "comments/removal.html", {"comment": comment, "activity": comment.activity})


@require_http_methods(["GET", "HEAD", "POST"])
def pin(request: HttpRequest, pk: int) -> HttpResponse:
    """An official answer at the top of the conversation, or no longer."""
    comment = comment_for(request, pk)
    if not request.user.is_authenticated:
        return drafts.to_sign_in(request, request.get_full_path())
    if not rules.may_pin(request.user, comment):
        raise Http404
    if request.method == "POST":
        wanted = request.POST.get("pinned", "1") == "1"
        writing.pin(comment, request.user, pinned=wanted)
        url = place_in(comment.activity, request.user, comment.anchor).page
        said = _("It stands at the top now.") if wanted else _("It is back in its place.")
        return changed(request, fragment="", context={}, url=url, said=said)
    return render(request, "comments/pin.html", {"comment": comment, "activity": comment.activity})
