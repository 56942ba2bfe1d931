"""The matrix as plain lines, the same for every format; what a spreadsheet could run is made inert."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import astuple, dataclass

from django.utils.translation import gettext as _

from commons.core.moments import ist_date
from consultations import matrix
from consultations.models import Consultation


@dataclass(frozen=True)
class Line:
    clause: str
    theme: str
    people: int
    organisations: int
    summary: str
    quotes: str
    response: str
    decision: str
    change: str
    officer: str
    date: str

    @property
    def cells(self) -> list[str]:
        return [inert(str(value)) for value in astuple(self)]


def head() -> list[str]:
    return [
        _("Clause"), _("Theme"), _("People"), _("Organisations"), _("What was said"), _("Quotes"), _("The answer"), _("Decision"),
        _("Change"), _("Officer"), _("Date"),
    ]  # fmt: skip


def lines(consultation: Consultation) -> Iterator[Line]:
    """One line a row, in the order of the text; read row by row, so that memory stays flat."""
    labels = matrix.labels_of(consultation)
    rows = consultation.rows.select_related("theme", "officer", "referred_to").prefetch_related("quotes")
    in_order = sorted(
        rows,
        key=lambda row: (
            row.clause_id is None,
            list(labels).index(row.clause_id) if row.clause_id in labels else 0,
            row.pk,
        ),
    )
    for row in in_order:
        decision = str(row.get_decision_display())
        if row.reason:
            decision += f" ({row.get_reason_display()})"
        if row.referred_to:
            decision += f": {row.referred_to}"
        yield Line(
            labels.get(row.clause_id, "") if row.clause_id else str(_("Everything else") if row.theme_id is None else _("The whole text")),
            str(row.theme or ""), row.people, row.organisations, str(row.summary),
            " · ".join(f"“{quote.body or quote.proposed}”" for quote in row.quotes.all()), str(row.response), decision,
            f"/consultations/{consultation.slug}/clauses/{row.clause_id}/" if row.clause_id else "",
            row.officer.shown_name, ist_date(row.decided_at),
        )  # fmt: skip


def inert(text: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return "'" + text if text[:1] in {"=", "+", "-", "@", "\t", "\r"} else text
