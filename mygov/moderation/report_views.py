"""Where a citizen reports a comment or an idea."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from commons.comments.views import comment_for
from commons.core.caching import public_page
from commons.core.htmx import changed, wants_fragment
from commons.people import drafts
from discussions.idea_views import idea_for
from mygov.moderation import reporting, rules
from mygov.moderation.forms import ReportForm
from mygov.moderation.models import Case, Report, Standing

if TYPE_CHECKING:
    from commons.comments.models import Comment
    from discussions.models import Idea


@public_page
@require_http_methods(["GET", "HEAD", "POST"])
def comment(request: HttpRequest, pk: int) -> HttpResponse:
    return report(request, comment_for(request, pk))


@public_page
@require_http_methods(["GET", "HEAD", "POST"])
def idea(request: HttpRequest, pk: int) -> HttpResponse:
    return report(request, idea_for(request, pk))


def report(request: HttpRequest, target: Comment | Idea) -> HttpResponse:
    """The form; whoever is not signed in fills it in all the same, and signs in last."""
    kind = reporting.kind_of(target)
    key = f"report:{kind}:{target.pk}"
    context = {"target": target, "kind": kind, "draft_key": key, "action": request.path}
    if not request.user.is_authenticated:
        if request.method == "POST":
            return drafts.keep_and_sign_in(request, key, request.POST.dict(), request.path)
        return page(request, {**context, "form": ReportForm()})
    if not rules.may_report(request.user, target):
        return page(request, {**context, "own": target.author_id == request.user.pk, "refused": True}, 403)
    form = ReportForm(request.POST or None, initial=drafts.kept(request, key))
    if request.method == "POST" and form.is_valid():
        try:
            written = reporting.report(target, request.user, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            drafts.forget(request, key)
            said = _("Thank you. A moderator will look at it, and you will be told what was decided.")
            is_shown = Case.objects.get(pk=written.case_id).standing != Standing.HELD
            url = (target if is_shown else target.activity).get_absolute_url()
            return changed(request, fragment="moderation/_reported.html", context=context, url=url, said=said)
    known = Report.objects.filter(reporter=request.user, **{f"case__{kind}": target}).first()
    return page(request, {**context, "form": form, "known": known}, 422 if form.is_bound else 200)


def page(request: HttpRequest, context: dict[str, object], status: int = 200) -> HttpResponse:
    template = "moderation/_report.html" if wants_fragment(request) else "moderation/report.html"
    return render(request, template, context, status=status)
