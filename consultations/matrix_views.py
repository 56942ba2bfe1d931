"""The published matrix as a page and as files; the redline between versions; which ministry consulted how."""

from __future__ import annotations

from itertools import combinations
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import get_language

from commons.core import clock
from commons.core.caching import public_page
from consultations import matrix, reading, rules
from consultations.exports import keeping
from consultations.models import Consultation, Export, Wording
from consultations.redline import redline
from consultations.views import CONSULTATIONS


@public_page
def page(request: HttpRequest, slug: str) -> HttpResponse:
    """What was said, and what the institution answers; before it is published its officials see it alone."""
    consultation = CONSULTATIONS.get(request.user, slug)
    officials = rules.may_analyse(request.user, consultation)
    if not consultation.matrix_at and not officials:
        raise Http404
    labels = matrix.labels_of(consultation)
    rows = list(consultation.rows.select_related("theme", "officer", "referred_to").prefetch_related("quotes"))
    order = {clause: at for at, clause in enumerate(labels)}
    rows.sort(key=lambda row: (row.clause_id is None, order.get(row.clause_id, 0), row.pk))
    changed = changed_clauses(consultation)
    context = {
        "consultation": consultation, "rows": [(row, labels.get(row.clause_id, ""), row.clause_id in changed) for row in rows],
        "exports": list(consultation.exports.filter(what=Export.What.MATRIX, language=get_language()).order_by("format")),
    }  # fmt: skip
    return render(request, "consultations/matrix.html", context)


def changed_clauses(consultation: Consultation) -> set[int]:
    """Clauses of the top level whose words differ between the first and the newest published version."""
    drafts = [draft for draft in consultation.drafts.order_by("number") if draft.number == 1 or draft.published_at]
    if len(drafts) < 2:
        return set()
    return {side["root"].clause_id for side in sides(drafts[0].pk, drafts[-1].pk) if side["changed"]}


@public_page
def download(request: HttpRequest, slug: str, format: str) -> HttpResponse:
    """A file of the matrix, once the worker has made it; before that how far it is."""
    consultation = CONSULTATIONS.get(request.user, slug)
    language = get_language() or "en"
    export = get_object_or_404(
        Export, consultation=consultation, what=Export.What.MATRIX, format=format, language=language
    )
    if export.finished_at is None:
        return render(
            request, "consultations/export.html", {"consultation": consultation, "export": export}, status=202
        )
    return keeping.sent(export, f"{consultation.slug}-matrix-{language}")  # type: ignore[return-value]


@public_page
def changes(request: HttpRequest, slug: str) -> HttpResponse:
    """Two versions side by side, clause by clause, with what went and what came."""
    consultation = CONSULTATIONS.get(request.user, slug)
    newest, drafts = reading.version(consultation, request.user, request.GET.get("to", "")[:6])
    numbered = {str(draft.number): draft for draft in drafts}
    first = numbered.get(request.GET.get("from", "1")[:6])
    if newest is None or first is None:
        raise Http404
    shown = [side for side in sides(first.pk, newest.pk) if side["changed"] or request.GET.get("all") == "1"]
    context = {
        "consultation": consultation,
        "first": first,
        "newest": newest,
        "pairs": list(combinations(drafts, 2)),
        "sides": shown,
    }
    return render(request, "consultations/changes.html", context)


def sides(first: int, second: int) -> list[dict[str, Any]]:
    """Each clause of the top level as both versions have it: in the order of the later one, then what is gone."""
    texts: dict[int, dict[int, list[Wording]]] = {first: {}, second: {}}
    for row in Wording.objects.filter(draft__in=[first, second]).order_by("draft", "position").defer("source", "html"):
        roots = texts[row.draft_id]
        if row.depth == 0:
            roots[row.clause_id] = []
            last = row.clause_id
        roots[last].append(row)
    found = []
    for clause in [*texts[second], *(one for one in texts[first] if one not in texts[second])]:
        before, after = texts[first].get(clause, []), texts[second].get(clause, [])
        old, new = whole(before), whole(after)
        found.append(
            {
                "root": (after or before)[0],
                "before": before,
                "after": after,
                "old": old,
                "html": redline(old, new),
                "changed": old != new,
            }
        )
    return found


def whole(rows: list[Any]) -> str:
    return "\n".join(f"{row.number} {row.heading} {row.text}".strip() for row in rows)


@public_page
def compliance(request: HttpRequest) -> HttpResponse:
    """Per consultation and ministry: how long it was open, and whether note, outcome and matrix were published."""
    now = clock.now()
    rows = (
        Consultation.objects.published(now)
        .select_related("institution")
        .order_by("institution__code", "-opens_at")[:300]
    )
    shown = []
    for row in rows:
        days = (row.closes_at - row.opens_at).days if row.closes_at and row.opens_at else None
        late = bool(row.promise_by and row.promise_by < now and not row.matrix_at)
        shown.append({"row": row, "days": days, "late": late, "short": days is not None and days < 30})
    return render(request, "consultations/compliance.html", {"rows": shown, "now": now})
