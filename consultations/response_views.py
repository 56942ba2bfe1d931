"""Answering: a clause, the whole document; one's own answers; what others answered to the whole."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from commons.activities.eligibility import eligibility
from commons.comments.refused import Refused
from commons.core import keyset
from commons.core.caching import public_page
from commons.core.htmx import changed, sent_away, wants_fragment
from commons.directory.verb_pages import put_beside
from commons.people import drafts
from consultations import filters, reading, responding, workbench
from consultations.forms import ResponseForm, SubmissionForm
from consultations.models import Annotation, Consultation, Submission, SubmissionFile, Wording
from consultations.views import CONSULTATIONS, chosen, clause_context

FIELDS = ("stance", "exact", "proposed", "body")


@require_http_methods(["GET", "HEAD", "POST"])
def respond(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """One's answer to a clause. The form stands on the clause's page; here it is sent, and shown again when something is wrong."""
    consultation = CONSULTATIONS.get(request.user, slug)
    draft, _drafts = chosen(request, consultation)
    around = reading.one_clause(draft, pk)
    if around is None:
        raise Http404
    page = reverse("consultations:clause", args=[slug, pk])
    key = draft_key(pk)
    if not request.user.is_authenticated:
        return drafts.to_sign_in(request, f"{page}#respond")
    if request.method != "POST":
        return sent_away(request, f"{page}#respond")
    form = ResponseForm(request.POST)
    if form.is_valid():
        try:
            row = responding.respond(consultation, draft, pk, request.user, **form.cleaned_data)
        except ValidationError as refused:
            put_beside(form, refused)
        except Refused as refused:
            drafts.keep(request, key, typed(request))
            form.add_error(None, _("%(why)s Your text is kept as a draft.") % {"why": refused.words})
        else:
            drafts.forget(request, key)
            said = _("Your response is recorded: reference %(reference)s. You can change it until the close.")
            if row.state == Annotation.State.HELD:
                said = _(
                    "Your response is recorded: reference %(reference)s. A moderator looks at it before others see it."
                )
            context = clause_context(request, consultation, draft, around)
            fragment = "consultations/_answering.html" if wants_fragment(request) else ""
            said %= {"reference": row.contribution.reference}
            return changed(
                request, fragment=fragment, context={**context, "said": said}, url=f"{page}#respond", said=said
            )
    context = {**clause_context(request, consultation, draft, around), "form": form}
    template = "consultations/_answering.html" if wants_fragment(request) else "consultations/clause.html"
    return render(request, template, context, status=422)


def draft_key(clause: int) -> str:
    return f"clause:{clause}"


def typed(request: HttpRequest) -> dict[str, str]:
    return {name: request.POST.get(name, "") for name in FIELDS}


@require_POST
def autosave(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Keeps what is being typed, so that a lost session or network loses nothing."""
    if not request.user.is_authenticated:
        return drafts.to_sign_in(request, reverse("consultations:clause", args=[slug, pk]))
    get_object_or_404(Consultation.objects.visible_to(request.user), slug=slug, clauses=pk)
    drafts.keep(request, draft_key(pk), typed(request))
    return HttpResponse(_("Draft saved."), content_type="text/plain; charset=utf-8")


@require_http_methods(["GET", "HEAD", "POST"])
def removal(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Takes one's own answer back."""
    consultation = CONSULTATIONS.get(request.user, slug)
    if not request.user.is_authenticated:
        return drafts.to_sign_in(request, request.get_full_path())
    row = get_object_or_404(Annotation.objects.given(), activity=consultation, clause=pk, author=request.user)
    url = reverse("consultations:mine", args=[slug])
    if request.method == "POST":
        try:
            responding.take_back(row, request.user)
        except Refused as refused:
            return changed(request, fragment="", context={}, url=url, said=refused.words)
        return changed(request, fragment="", context={}, url=url, said=_("Your response is taken back."))
    return render(request, "consultations/removal.html", {"consultation": consultation, "row": row})


@require_GET
def mine(request: HttpRequest, slug: str) -> HttpResponse:
    """Everything one answered here, with the way to change it until the close."""
    consultation = CONSULTATIONS.get(request.user, slug)
    if not request.user.is_authenticated:
        return drafts.to_sign_in(request, request.get_full_path())
    rows = Annotation.objects.given().filter(activity=consultation, author=request.user)
    rows = rows.select_related("contribution").order_by("clause")
    labels = labels_of(consultation, [row.clause_id for row in rows])
    whole = Submission.objects.filter(activity=consultation, author=request.user)
    whole = whole.exclude(state=Submission.State.REMOVED).select_related("contribution", "file").defer("file__data")
    later = filters.later_draft(consultation)
    context = {
        "consultation": consultation, "rows": workbench.shown(list(rows), labels, later), "later": later,
        "whole": whole.first(), "allowed": eligibility(request.user, consultation),
    }  # fmt: skip
    return render(request, "consultations/mine.html", context)


def labels_of(consultation: Consultation, clauses: list[int]) -> dict[int | None, str]:
    """How clauses are called in the first version that has them: the one that was answered."""
    rows = Wording.objects.filter(draft__consultation=consultation, clause__in=clauses).order_by("-draft__number")
    return {row.clause_id: str(row) for row in rows.only("clause_id", "label", "heading", "draft_id")}


@require_http_methods(["GET", "HEAD", "POST"])
def submission(request: HttpRequest, slug: str) -> HttpResponse:
    """An answer to the whole document: the form, whoever asks; whoever is not signed in fills it in and signs in last."""
    consultation = CONSULTATIONS.get(request.user, slug)
    key = whole_key(consultation)
    own: Submission | None = None
    if request.user.is_authenticated:
        own = Submission.objects.filter(activity=consultation, author=request.user).first()
    elif request.method == "POST":
        return drafts.keep_and_sign_in(request, key, words_only(request), request.get_full_path())
    if request.method == "POST":
        form = SubmissionForm(request.POST, request.FILES)
    else:
        form = SubmissionForm(instance=own, initial=drafts.kept(request, key))
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        try:
            row = responding.submit(consultation, request.user, **given)  # type: ignore[arg-type]
        except ValidationError as refused:
            put_beside(form, refused)
        except Refused as refused:
            drafts.keep(request, key, words_only(request))
            form.add_error(None, _("%(why)s Your text is kept as a draft.") % {"why": refused.words})
        else:
            drafts.forget(request, key)
            said = _("Your response is recorded: reference %(reference)s. You can change it until the close.")
            url = reverse("consultations:mine", args=[slug])
            said %= {"reference": row.contribution.reference}
            return changed(request, fragment="", context={}, url=url, said=said)
    context = whole_context(request, consultation, form, own)
    return render(request, "consultations/submission.html", context, status=422 if form.is_bound else 200)


def whole_key(consultation: Consultation) -> str:
    return f"submission:{consultation.pk}"


def whole_context(
    request: HttpRequest, consultation: Consultation, form: SubmissionForm, own: Submission | None
) -> dict[str, Any]:
    """What the form to the whole document needs: what is kept of it, and which state of that the page has seen."""
    key = whole_key(consultation)
    typed = drafts.own(request, key)
    files = SubmissionFile.objects.filter(submission=own).defer("data")
    return {
        "consultation": consultation, "form": form, "allowed": eligibility(request.user, consultation), "key": key,
        "typed": typed.fields, "file": files.first() if own else None, "seen": drafts.mark_of(typed), "earlier": typed.earlier,
    }  # fmt: skip


def words_only(request: HttpRequest) -> dict[str, str]:
    return {name: request.POST.get(name, "") for name in ("by", "organisation", "interest", "body", "confidential")}


@public_page
def submissions(request: HttpRequest, slug: str) -> HttpResponse:
    """What others answered to the whole document, the newest first. Of a confidential one only that it exists."""
    consultation = CONSULTATIONS.get(request.user, slug)
    rows = Submission.objects.filter(activity=consultation, state=Submission.State.VISIBLE)
    page = keyset.page(rows.select_related("author", "contribution"), ["-id"], request.GET.get("after", ""), 20)
    files = SubmissionFile.objects.filter(submission__in=page.rows, submission__confidential=False, refused_at=None)
    with_file: dict[int, Any] = {file.submission_id: file for file in files.defer("data")}
    context = {
        "consultation": consultation,
        "rows": [(row, with_file.get(row.pk)) for row in page.rows],
        "next": page.next,
    }
    return render(request, "consultations/submissions.html", context)
