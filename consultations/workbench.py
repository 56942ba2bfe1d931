"""The officials' workbench: responses by clause, stance, theme, region, language; themes; what still lacks a row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from commons.core import keyset
from commons.core.htmx import changed
from commons.core.numbers import indian
from commons.people import drafts
from consultations import campaigns, filters, matrix, rules
from consultations.models import Annotation, Consultation, Draft, Placement, Wording

SIZE = 50


def desk_of(request: HttpRequest, slug: str) -> Consultation | HttpResponse:
    """The consultation for its officials, the way to sign in for nobody; else 404."""
    if not request.user.is_authenticated:
        return drafts.to_sign_in(request, request.get_full_path())
    consultation = get_object_or_404(
        Consultation.objects.visible_to(request.user).select_related("institution"), slug=slug
    )
    if not rules.may_analyse(request.user, consultation):
        raise Http404
    return consultation


@dataclass(frozen=True)
class Shown:
    """A response as the list shows it: its clause's name, and where it stands in the newest version."""

    row: Annotation
    label: str
    placed: Placement | None = None
    now_at: str = ""


@require_http_methods(["GET", "HEAD"])
def workbench(request: HttpRequest, slug: str) -> HttpResponse:
    """Responses to clauses, or to the whole (`?of=whole`), as the filters narrow them; and what still lacks a row."""
    consultation = desk_of(request, slug)
    if isinstance(consultation, HttpResponse):
        return consultation
    wanted, later = filters.asked(request), filters.later_draft(consultation)
    labels, after = matrix.labels_of(consultation), request.GET.get("after", "")
    themes = list(consultation.themes.filter(merged_into=None))
    found: dict[str, Any]
    if wanted.get("of") == "whole":
        texts = filters.on_whole(consultation, wanted).select_related("author", "theme", "contribution__region", "file")
        whole = keyset.page(texts.defer("file__data"), ["-id"], after, SIZE)
        found = {"whole": whole.rows, "next": whole.next}
    else:
        rows = filters.on_clauses(consultation, wanted, later)
        page = keyset.page(
            rows.select_related("author", "theme", "contribution__region", "clarification"), ["-id"], after, SIZE
        )
        found = {"rows": shown(page.rows, labels, later), "next": page.next}
    given = consultation.rows.select_related("theme", "clause").order_by("pk")
    offered = filters.fields(consultation, wanted, labels, {str(one.pk): one.title for one in themes}, later)
    context = {
        "consultation": consultation, **found, "wanted": wanted, "query": urlencode(wanted), "fields": offered, "later": later,
        "themes": themes, "gaps": matrix.gaps(consultation)[:20], "campaigns": list(consultation.campaigns.all()[:20]),
        "unanswered": matrix.unanswered(consultation), "given": [(row, labels.get(row.clause_id, "")) for row in given],
        "closed": consultation.phase() == consultation.Phase.CLOSED,
        "other": urlencode({**{k: v for k, v in wanted.items() if k != "of"}, **({} if "whole" in found else {"of": "whole"})}),
    }  # fmt: skip
    return render(request, "consultations/workbench.html", context)


def shown(rows: list[Annotation], labels: dict[int | None, str], later: Draft | None) -> list[Shown]:
    """The rows with the names of their clauses (`labels`: those of the top level), and where each stands in `later`."""
    placed = (
        {one.annotation_id: one for one in Placement.objects.filter(draft=later, annotation__in=rows)} if later else {}
    )
    said_of = {row.draft_id for row in rows} | ({later.pk} if later else set())
    clauses = {row.clause_id for row in rows} | {one.clause_id for one in placed.values()}
    found = Wording.objects.filter(draft__in=said_of, clause__in=clauses)
    named = {(one.draft_id, one.clause_id): one.label for one in found.only("draft_id", "clause_id", "label")}
    return [
        Shown(
            row,
            name_of(row, labels, named),
            at := placed.get(row.pk),
            named.get((later.pk, at.clause_id), "") if later and at and at.clause_id else "",
        )
        for row in rows
    ]


def name_of(row: Annotation, labels: dict[int | None, str], named: dict[tuple[int, int], str]) -> str:
    """“5 Borrowing” for the rule itself, “5 Borrowing · 5(2)” for a part of it."""
    own = named.get((row.draft_id, row.clause_id), "")
    root = labels.get(row.root_id, "")
    return root if row.clause_id == row.root_id else f"{root} · {own}" if root else own


@require_POST
def assign(request: HttpRequest, slug: str) -> HttpResponse:
    """Puts the ticked responses, or all that a filter finds, under a theme."""
    consultation = desk_of(request, slug)
    if isinstance(consultation, HttpResponse):
        return consultation
    wanted = filters.asked(request)
    back = f"{reverse('consultations:workbench', args=[slug])}?{urlencode(wanted)}"
    title = request.POST.get("new", "").strip() or title_of(consultation, request.POST.get("theme", ""))
    ticked, whole = numbers(request.POST.getlist("response")), numbers(request.POST.getlist("whole"))
    if request.POST.get("all") == "1":
        of_whole = wanted.get("of") == "whole"
        ticked = [] if of_whole else list(filters.on_clauses(consultation, wanted).values_list("pk", flat=True))
        whole = list(filters.on_whole(consultation, wanted).values_list("pk", flat=True)) if of_whole else []
    try:
        matrix.assign(
            consultation,
            request.user,  # type: ignore[arg-type]
            annotations=ticked,
            submissions=whole,
            title=title,
        )
    except ValidationError as refused:
        return changed(request, fragment="", context={}, url=back, said=" ".join(refused.messages))
    said = put_under(title, len(ticked) + len(whole))
    return changed(request, fragment="", context={}, url=back, said=said)


def put_under(title: str, count: int) -> str:
    if not title:
        return ngettext(
            "%(n)s response taken out of its theme.", "%(n)s responses taken out of their themes.", count
        ) % {"n": indian(count)}
    return ngettext("%(n)s response put under “%(theme)s”.", "%(n)s responses put under “%(theme)s”.", count) % {
        "n": indian(count), "theme": title,
    }  # fmt: skip


def numbers(values: list[str]) -> list[int]:
    return [int(value) for value in values[:1000] if value.isdecimal() and len(value) < 18]


def title_of(consultation: Consultation, theme: str) -> str:
    found = consultation.themes.filter(pk=theme).first() if theme.isdecimal() and len(theme) < 18 else None
    return found.title if found else ""


@require_POST
def merge(request: HttpRequest, slug: str) -> HttpResponse:
    consultation = desk_of(request, slug)
    if isinstance(consultation, HttpResponse):
        return consultation
    chosen = numbers([request.POST.get("theme", ""), request.POST.get("into", "")])
    found = {row.pk: row for row in consultation.themes.filter(pk__in=chosen)}
    if len(chosen) != 2 or len(found) != len(set(chosen)):
        raise Http404
    said = _("The themes are one now.")
    try:
        matrix.merge(found[chosen[0]], found[chosen[1]], request.user)  # type: ignore[arg-type]
    except ValidationError as refused:
        said = " ".join(refused.messages)
    return changed(request, fragment="", context={}, url=reverse("consultations:workbench", args=[slug]), said=said)


@require_POST
def find_campaigns(request: HttpRequest, slug: str) -> HttpResponse:
    consultation = desk_of(request, slug)
    if isinstance(consultation, HttpResponse):
        return consultation
    found = campaigns.find(consultation)
    said = _("Groups of texts that are nearly the same: %(n)s.") % {"n": found}
    return changed(request, fragment="", context={}, url=reverse("consultations:workbench", args=[slug]), said=said)
