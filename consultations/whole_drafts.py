"""Keeps a response to the whole document while it is written: for another day, another device, another tab."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from commons.core.htmx import changed, sent_away, wants_fragment
from commons.people import drafts
from consultations.forms import SubmissionForm
from consultations.models import Submission
from consultations.response_views import whole_context, whole_key, words_only
from consultations.views import CONSULTATIONS


@require_http_methods(["GET", "HEAD", "POST"])
def save(request: HttpRequest, slug: str) -> HttpResponse:
    """Saves the draft while one types, or by its button. What another tab or device has saved is never overwritten unseen."""
    consultation = CONSULTATIONS.get(request.user, slug)
    key, typed, page = whole_key(consultation), words_only(request), reverse("consultations:submission", args=[slug])
    if request.method != "POST":
        return sent_away(request, page)
    seen, replaced = request.POST.get("seen", ""), request.POST.get("replaced", "")
    if not request.user.is_authenticated:  # the session ended while the page was open
        drafts.keep(request, key, typed)
        if not wants_fragment(request):
            return drafts.to_sign_in(request, page)
        return render(request, "consultations/_saved.html", {"signed_out": True, "page": page, "seen": seen})
    row = drafts.keep_unless_changed(request.user, key, typed, seen, replaced=replaced)
    if row:
        context = {"kept": True, "seen": drafts.mark_of(row), "replaced": replaced}
        fragment = "consultations/_saved.html" if wants_fragment(request) else ""
        return changed(request, fragment=fragment, context=context, url=page, said=_("Draft saved."))
    if wants_fragment(request):
        context = {"kept": False, "seen": seen, "replaced": replaced, "page": page}
        return render(request, "consultations/_saved.html", context)
    own = Submission.objects.filter(activity=consultation, author=request.user).first()
    form = SubmissionForm(instance=own, initial=typed)
    context = whole_context(request, consultation, form, own)
    context |= {"other": context["typed"], "replaced": context["seen"]}
    return render(request, "consultations/submission.html", context, status=409)
