"""Where a citizen reports what another one wrote, or the name they bear."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from commons.comments.views import comment_for
from commons.core.caching import public_page
from commons.core.htmx import changed, wants_fragment
from commons.people import drafts
from commons.people.models import User
from consultations.models import Annotation, Consultation, Submission
from discussions.idea_views import idea_for
from mygov.moderation import names, reporting, rules
from mygov.moderation.forms import ReportForm
from mygov.moderation.models import Case, Name, Report, Standing
from mygov.moderation.targets import kind_of

if TYPE_CHECKING:
    from mygov.moderation.models.case import Target


@public_page
@require_http_methods(["GET", "HEAD", "POST"])
def comment(request: HttpRequest, pk: int) -> HttpResponse:
    return report(request, comment_for(request, pk))


@public_page
@require_http_methods(["GET", "HEAD", "POST"])
def idea(request: HttpRequest, pk: int) -> HttpResponse:
    return report(request, idea_for(request, pk))


@public_page
@require_http_methods(["GET", "HEAD", "POST"])
def annotation(request: HttpRequest, pk: int) -> HttpResponse:
    return report(request, response_for(request, Annotation, pk))


@public_page
@require_http_methods(["GET", "HEAD", "POST"])
def submission(request: HttpRequest, pk: int) -> HttpResponse:
    """Of a confidential one nobody sees a word, so nobody reports it."""
    target = response_for(request, Submission, pk)
    if target.confidential:
        raise Http404
    return report(request, target)


def response_for(request: HttpRequest, model: type[Any], pk: int) -> Any:
    """A response this reader may see; else 404."""
    rows = model.objects.filter(activity__in=Consultation.objects.visible_to(request.user))
    target = get_object_or_404(rows.select_related("activity", "author"), pk=pk)
    if target.state != model.State.VISIBLE and target.author_id != request.user.pk:
        raise Http404
    return target


@public_page
@require_http_methods(["GET", "HEAD", "POST"])
def name(request: HttpRequest, pk: int) -> HttpResponse:
    """The name somebody bears now."""
    person = get_object_or_404(User.objects.filter(is_active=True).exclude(display_name=""), pk=pk)
    return report(request, names.borne_by(person))


def report(request: HttpRequest, target: Target) -> HttpResponse:
    """The form; whoever is not signed in fills it in all the same, and signs in last."""
    kind = kind_of(target)
    key = f"report:{kind}:{target.author_id if kind == 'name' else target.pk}"
    context = {"target": target, "kind": kind, "draft_key": key, "action": request.path}
    if not request.user.is_authenticated:
        if request.method == "POST":
            return drafts.keep_and_sign_in(request, key, request.POST.dict(), request.path)
        return page(request, {**context, "form": ReportForm()})
    if not rules.may_report(request.user, target):
        return page(request, {**context, "own": target.author_id == request.user.pk, "refused": True}, 403)
    form = ReportForm(request.POST or None, initial=drafts.kept(request, key))
    if request.method == "POST" and form.is_valid():
        if isinstance(target, Name):
            target = names.new(target.author, target.text)  # written down as doubted only now
        try:
            written = reporting.report(target, request.user, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            drafts.forget(request, key)
            said = _("Thank you. A moderator will look at it, and you will be told what was decided.")
            is_shown = Case.objects.get(pk=written.case_id).standing != Standing.HELD
            url = (target if is_shown or not target.activity else target.activity).get_absolute_url()
            return changed(request, fragment="moderation/_reported.html", context=context, url=url, said=said)
    known = Report.objects.filter(reporter=request.user, **{f"case__{kind}": target.pk or 0}).first()
    return page(request, {**context, "form": form, "known": known}, 422 if form.is_bound else 200)


def page(request: HttpRequest, context: dict[str, object], status: int = 200) -> HttpResponse:
    template = "moderation/_report.html" if wants_fragment(request) else "moderation/report.html"
    return render(request, template, context, status=status)
