"""The consultations' list, a consultation's text in parts, one clause by itself, and the copy to take along."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from commons.activities.by_address import ByAddress
from commons.activities.views import activity_list, page_context
from commons.core import keyset
from commons.core.caching import public_page
from commons.core.htmx import wants_fragment
from commons.people import drafts
from consultations import reading, rules
from consultations.forms import ResponseForm
from consultations.models import Annotation, Consultation, Draft

CONSULTATIONS = ByAddress(Consultation, "short_signed_by")


@public_page
def consultation_list(request: HttpRequest) -> HttpResponse:
    return activity_list(request, kind="consultations", title=_("Consultations"))


def chosen(request: HttpRequest, consultation: Consultation) -> tuple[Draft, list[Draft]]:
    draft, versions = reading.version(consultation, request.user, request.GET.get("version", "")[:6])
    if draft is None:
        raise Http404
    return draft, versions


@public_page
def detail(request: HttpRequest, slug: str) -> HttpResponse:
    """What is asked and why, the list of contents, and the first clauses; more on demand, all of it with `?all=1`."""
    consultation = CONSULTATIONS.get(request.user, slug)
    draft, versions = reading.version(consultation, request.user, request.GET.get("version", "")[:6])
    start = request.GET.get("from", "")
    at = int(start) if start.isdecimal() and len(start) < 9 else 0
    whole = request.GET.get("all") == "1"
    words = " ".join(request.GET.get("q", "").replace("\x00", "").split())[:100]
    part = reading.part(draft, at, whole=whole) if draft else reading.Part([], [], None)
    shown: dict[str, Any] = {
        "consultation": consultation, "draft": draft, "drafts": versions, "part": part, "whole": whole, "q": words,
        "version": f"version={draft.number}&" if draft and draft != public(versions) else "",
    }  # fmt: skip
    if draft and wants_fragment(request) and start:
        return render(request, "consultations/_clauses.html", {**page_context(request, consultation), **shown})
    shown["found"] = reading.found(draft, words) if draft and words else []
    shown["steps"], shown["documents"] = consultation.steps.all(), consultation.documents.filter(withdrawn_at=None)
    shown["officials"] = rules.may_see_all_versions(request.user, consultation)
    return render(request, "consultations/detail.html", {**page_context(request, consultation), **shown})


def public(drafts: list[Draft]) -> Draft | None:
    """What everybody reads when nobody asks for a version."""
    return next((one for one in reversed(drafts) if one.published_at or one.number == 1), None)


@public_page
def clause(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """One clause with everything in it, where it stands, and its neighbours."""
    consultation = CONSULTATIONS.get(request.user, slug)
    draft, versions = chosen(request, consultation)
    around = reading.one_clause(draft, pk)
    if around is None:
        return gone(request, consultation, versions, pk)
    return render(request, "consultations/clause.html", clause_context(request, consultation, draft, around))


def clause_context(
    request: HttpRequest, consultation: Consultation, draft: Draft, around: reading.Around
) -> dict[str, Any]:
    """Everything `clause.html` needs: the clause, what others answered, and one's own answer or its form."""
    pk, user = around.itself.clause_id, request.user
    rows = Annotation.objects.filter(clause=pk).visible_to(user).select_related("author", "clarification")
    page = keyset.page(rows, ["-id"], request.GET.get("after", ""), 20)
    own = Annotation.objects.given().filter(clause=pk, author=user).first() if user.is_authenticated else None
    key = f"clause:{pk}"
    typed = drafts.own(request, key)
    kept = typed.fields
    mine = {name: getattr(own, name) for name in ("stance", "exact", "proposed", "body")} if own else {}
    is_public = draft.published_at is not None or draft.number == 1
    return {
        **page_context(request, consultation), "consultation": consultation, "draft": draft, "around": around,
        "here": around.itself, "page": page, "own": own, "kept": kept, "key": key,
        "earlier": typed.earlier,
        "form": ResponseForm(initial=kept or mine or {"proposed": around.itself.text}),
        "takes": draft.stage == Draft.Stage.DRAFT and is_public,
        "next_url": f"?after={page.next}#responses" if page.next else "",
    }  # fmt: skip


def gone(request: HttpRequest, consultation: Consultation, versions: list[Draft], pk: int) -> HttpResponse:
    """A clause this version does not have: the newest version that had it is shown instead."""
    draft = reading.last_with(versions, pk)
    around = reading.one_clause(draft, pk) if draft else None
    if draft is None or around is None:
        raise Http404
    context = clause_context(request, consultation, draft, around)
    return render(request, "consultations/clause.html", {**context, "is_gone": True, "takes": False})


@public_page
def offline(request: HttpRequest, slug: str) -> HttpResponse:
    """The whole text in one file that needs no network: to keep, to print, to read on the way."""
    consultation = CONSULTATIONS.get(request.user, slug)
    draft, _drafts = chosen(request, consultation)
    context = {"consultation": consultation, "draft": draft, "part": reading.part(draft, whole=True), "sheet": sheet()}
    response = HttpResponse(render_to_string("consultations/offline.html", context, request))
    response["Content-Disposition"] = f'attachment; filename="{consultation.slug}-{draft.number}.html"'
    return response


def sheet() -> SafeString:
    """The look of the copy, within it. Read from the portal's own file, which nobody else writes."""
    found = finders.find("offline-copy.css")
    return mark_safe(f"<style>{Path(str(found)).read_text(encoding='utf-8')}</style>")  # noqa: S308 - our own file
