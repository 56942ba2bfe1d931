"""What the public reads about moderation: decisions by month, institution and reason; how long they took; appeals.

Nobody may be recognised by a small number. A row of fewer than ten decisions is not shown by itself: such rows are added
up under "Others", together with the next smallest if they are fewer than ten even so, or if there is only one of them and
it could be found by subtraction. Institutions and reasons are never crossed. Within a row every number is shown: it says
what moderators did, among ten decisions or more, and not who wrote.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass, field, fields
from datetime import date
from typing import TYPE_CHECKING

from django.db import connection, transaction
from django.utils.translation import gettext as _

from mygov.moderation.models import MonthFigures
from mygov.moderation.reasons import Reason
from mygov.moderation.second_reviews import Agreement

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any, TextIO

SMALL = 10
OPEN_MONTHS = 3  # counted anew each time: an appeal is answered in the month after the decision at the latest
LOCK = 413

# What was taken back does not count: nobody's text was judged by it.
FOLD = """
  INSERT INTO moderation_monthfigures (month, institution_id, reason, shown, hidden, removed, rejected, upheld,
    median_minutes, appeals, appeals_won, second_opinions, second_agreed, folded_at)
  SELECT month, institution_id, reason, count(*) FILTER (WHERE what IN ('approve', 'restore')),
    count(*) FILTER (WHERE what = 'hide'), count(*) FILTER (WHERE what = 'remove'), count(*) FILTER (WHERE what = 'reject'),
    count(*) FILTER (WHERE what = 'uphold'), percentile_cont(0.5) WITHIN GROUP (ORDER BY minutes)::int,
    count(*) FILTER (WHERE what LIKE 'appeal%%'), count(*) FILTER (WHERE what = 'appeal won'),
    count(*) FILTER (WHERE what LIKE 'second%%'), count(*) FILTER (WHERE what = 'second agreed'), now()
  FROM (
    SELECT date_trunc('month', d.at AT TIME ZONE 'Asia/Kolkata')::date AS month, a.institution_id, d.what,
      CASE WHEN d.what = 'reject' THEN 'idea_' || d.reason WHEN d.reason <> '' THEN d.reason ELSE c.reason END AS reason,
      greatest(extract(epoch FROM d.at - d.waiting_since) / 60, 0) AS minutes
    FROM moderation_decision d JOIN moderation_case c ON c.id = d.case_id LEFT JOIN activities_activity a ON a.id = d.activity_id
    WHERE d.what IN ('approve', 'restore', 'hide', 'remove', 'reject', 'uphold') AND d.at >= %(since)s
      AND NOT EXISTS (SELECT 1 FROM moderation_decision u WHERE u.case_id = d.case_id AND u.turn = d.turn + 1 AND u.what = 'undo')
    UNION ALL
    SELECT date_trunc('month', p.at AT TIME ZONE 'Asia/Kolkata')::date, a.institution_id,
      CASE WHEN p.granted THEN 'appeal won' ELSE 'appeal' END,
      CASE WHEN d.what = 'reject' THEN 'idea_' || d.reason ELSE d.reason END, NULL
    FROM moderation_appeal p JOIN moderation_decision d ON d.id = p.decision_id
      LEFT JOIN activities_activity a ON a.id = d.activity_id
    WHERE p.at >= %(since)s
    UNION ALL
    SELECT date_trunc('month', r.at AT TIME ZONE 'Asia/Kolkata')::date, a.institution_id,
      CASE WHEN r.agrees THEN 'second agreed' ELSE 'second differed' END,
      CASE WHEN d.what = 'reject' THEN 'idea_' || d.reason WHEN d.reason <> '' THEN d.reason ELSE c.reason END, NULL
    FROM moderation_secondreview r JOIN moderation_decision d ON d.id = r.decision_id
      JOIN moderation_case c ON c.id = d.case_id LEFT JOIN activities_activity a ON a.id = d.activity_id
    WHERE r.agrees IS NOT NULL AND r.at >= %(since)s
  ) made
  GROUP BY GROUPING SETS ((month), (month, institution_id), (month, reason))
  HAVING GROUPING(institution_id) = 1 OR institution_id IS NOT NULL -- a name belongs to no institution
"""
SINCE = """
  SELECT date_trunc('month', now() AT TIME ZONE 'Asia/Kolkata' - make_interval(months => %s)) AT TIME ZONE 'Asia/Kolkata'
"""


@transaction.atomic
def fold() -> None:
    """Counts the last months anew, the first time everything. Whoever reads meanwhile sees the old figures."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        cursor.execute(SINCE, [OPEN_MONTHS - 1 if MonthFigures.objects.exists() else 12 * 100])
        since = cursor.fetchone()[0]
        MonthFigures.objects.filter(month__gte=since.date()).delete()
        cursor.execute(FOLD, {"since": since})


@dataclass
class Row:
    """One line of a table. `name` is who or what it is about, empty in the totals."""

    name: str
    code: str
    decided: int = 0
    shown: int = 0
    hidden: int = 0
    removed: int = 0
    rejected: int = 0
    upheld: int = 0
    appeals: int = 0
    appeals_won: int = 0
    second_opinions: int = 0
    second_agreed: int = 0
    median_minutes: int | None = field(default=None)

    @classmethod
    def of(cls, figures: MonthFigures, name: str, code: str) -> Row:
        return cls(
            name, code, **{name: getattr(figures, name) for name in NUMBERS}, median_minutes=figures.median_minutes
        )

    @property
    def size(self) -> int:
        """By how many people's texts it is about at most: it decides whether the row stands alone."""
        return self.decided + self.appeals


NUMBERS = [one.name for one in fields(Row) if one.type == "int"]


def together(rows: Iterable[Row]) -> list[Row]:
    """The rows that may stand alone, the largest first, and at the end the small ones as one."""
    rows = sorted(rows, key=lambda row: (-row.size, row.code))
    alone = [row for row in rows if row.size >= SMALL]
    small = rows[len(alone) :]
    while small and alone and (len(small) < 2 or sum(row.size for row in small) < SMALL):
        small.insert(0, alone.pop())
    if not small:
        return alone
    others = Row(_("Others"), "others", **{name: sum(getattr(row, name) for row in small) for name in NUMBERS})
    return [*alone, others] if others.size >= SMALL else alone


@dataclass(frozen=True)
class Month:
    """Everything that is published about one month."""

    month: date
    total: Row
    institutions: list[Row]
    reasons: list[Row]


def months() -> list[date]:
    """The months with figures, the newest first."""
    return list(
        MonthFigures.objects.filter(institution=None, reason=None).order_by("-month").values_list("month", flat=True)
    )


def published(months: Iterable[date]) -> list[Month]:
    """What may be read about these months. One query. Nothing is said by row about a month with fewer than ten decisions."""
    found = list(MonthFigures.objects.filter(month__in=list(months)).select_related("institution").order_by("-month"))
    made = []
    for one in dict.fromkeys(row.month for row in found):
        rows = [row for row in found if row.month == one]
        total = next(row for row in rows if row.institution is None and row.reason is None)
        institutions = [Row.of(row, str(row.institution), row.institution.code) for row in rows if row.institution]
        reasons = [
            Row.of(row, reason_words(row.reason), row.reason or "none") for row in rows if row.reason is not None
        ]
        made.append(Month(one, Row.of(total, "", "all"), together(institutions), together(reasons)))
    return made


def agreement(months: Iterable[Month]) -> Agreement:
    """Over these months together: chance draws too few in one."""
    totals = [month.total for month in months]
    return Agreement(sum(row.second_opinions for row in totals), sum(row.second_agreed for row in totals), unsure=0)


def reason_words(code: str) -> str:
    """A reason as people read it."""
    from discussions.models import Idea

    if code.startswith("idea_"):
        return _("Idea not accepted: %(why)s") % {"why": dict(Idea.Rejected.choices).get(code[5:], code[5:])}
    return str(dict(Reason.choices).get(code) or _("Nothing was suspected"))


HEADINGS = ["month", "by", "code", "name", *NUMBERS, "median_minutes"]


def write_csv(file: TextIO) -> None:
    """All months, in the columns of `HEADINGS`; the same rows as on the page."""
    writer = csv.writer(file)
    writer.writerow(HEADINGS)
    for month in published(months()):
        for by, rows in (("all", [month.total]), ("institution", month.institutions), ("reason", month.reasons)):
            writer.writerows(line(month.month, by, row) for row in rows)


def line(month: date, by: str, row: Row) -> list[Any]:
    numbers = [getattr(row, name) for name in NUMBERS]
    median = "" if row.median_minutes is None else row.median_minutes
    return [f"{month:%Y-%m}", by, harmless(row.code), harmless(row.name), *numbers, median]


def harmless(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{text}" if text[:1] in set("=+-@\t\r") else text
