"""Takes one case of a bulk decision back: text, case and reports are what they were, unless somebody changed them since."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.dateparse import parse_datetime

from commons.core import clock
from mygov.moderation import cases, targets
from mygov.moderation.models import BulkItem, Case, Decision
from mygov.moderation.reasons import RULES_VERSION

if TYPE_CHECKING:
    from datetime import datetime

    from mygov.moderation.models import BulkDecision

OF_CASE = ("reason", "weight", "findings", "report_count", "opened_at", "due_at", "closed_at", "level")
MOMENTS = {"pinned_at", "opened_at", "closes_at", "due_at", "closed_at"}


def snapshot(case: Case) -> dict[str, Any]:
    """What a decision will change, as JSON. Call it with the case locked."""
    return {
        "target": {name: plain(getattr(case.target, name)) for name in targets.KINDS[case.kind].kept},
        "case": {name: plain(getattr(case, name)) for name in OF_CASE},
        "reports": list(case.reports.filter(handled_at=None).values_list("pk", flat=True)),
    }


def plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value


def back(values: dict[str, Any]) -> dict[str, Any]:
    """The values of a snapshot with their moments."""
    return {name: moment(value) if name in MOMENTS else value for name, value in values.items()}


def moment(value: str | None) -> datetime | None:
    return parse_datetime(value) if value else None


@transaction.atomic
def undo_one(pk: int, bulk: BulkDecision) -> None:
    """One case. What was decided, reported or appealed against since, or is open at a colleague, is kept as it is."""
    rows = BulkItem.objects.select_for_update(skip_locked=True, of=("self",)).select_related("case", "decision")
    item = rows.filter(pk=pk, outcome=BulkItem.Outcome.DECIDED).first()
    if item is None:
        return
    case = cases.lock_case(item.case)
    by = bulk.undone_by
    assert by is not None  # noqa: S101 - the database says so
    assert item.decision is not None  # noqa: S101 - the database says so
    if changed_since(case, item.decision) or case.taken_from(by, clock.now()):
        item.outcome = BulkItem.Outcome.KEPT
        item.save(update_fields=["outcome"])
        return
    Decision.objects.create(
        case=case, activity_id=case.activity_id, turn=case.turn + 1, by=by, what=Decision.What.UNDO,
        rules_version=RULES_VERSION,
    )  # fmt: skip
    # The turn first: what the author is told of is keyed by it.
    Case.objects.filter(pk=case.pk).update(turn=case.turn + 1)
    before = back(item.before["target"])
    if case.target.state != before["state"]:
        targets.KINDS[case.kind].put_back(case.target, by, before)
    Case.objects.filter(pk=case.pk).update(**back(item.before["case"]))
    case.reports.filter(pk__in=item.before["reports"]).update(handled_at=None, upheld=None)
    item.outcome = BulkItem.Outcome.UNDONE
    item.save(update_fields=["outcome"])


def changed_since(case: Case, decision: Decision) -> bool:
    """Whether anybody did something to it after this decision."""
    after = {"hide": {"hidden"}, "approve": {"visible", "pending", "open"}}.get(decision.what)
    reopened = decision.what != Decision.What.ASK and case.closed_at is None
    return case.turn != decision.turn or reopened or (after is not None and case.target.state not in after)
