"""The public figures of moderation, as a page and as a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from commons.core.caching import public_page
from mygov.moderation import transparency
from mygov.moderation.models import MonthFigures

if TYPE_CHECKING:
    from django.http import HttpRequest

MOST = 12  # months in the table; the file has all


@public_page
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """Month by month, and one month by institution and by reason: the one asked for, or the newest."""
    known = transparency.months()
    asked = request.GET.get("month", "")
    chosen = next((one for one in known if f"{one:%Y-%m}" == asked), known[0] if known else None)
    rows = transparency.published({*known[:MOST], chosen} if chosen else [])
    found = {
        "months": rows,
        "chosen": next((row for row in rows if row.month == chosen), None),
        "agreement": transparency.agreement(row for row in rows if row.month in known[:MOST]),
        "small": transparency.SMALL,
        "folded_at": MonthFigures.objects.order_by("-month").values_list("folded_at", flat=True).first(),
    }
    return render(request, "moderation/transparency.html", found)


@public_page
@require_safe
def file(request: HttpRequest) -> HttpResponse:
    """The same rows, of all months. The mark at its beginning lets spreadsheets read Hindi."""
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="moderation.csv"'
    transparency.write_csv(response)  # type: ignore[arg-type]
    return response
