"""What an idea has reached and what comes next: sponsors, acknowledgement, written answer, hearing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from discussions.models import Idea


@dataclass(frozen=True)
class Step:
    """One rung: how much support it takes, whether it was reached, and what came of it or is due."""

    name: str
    needs: int
    reached: bool
    done_at: datetime | None = None
    due: date | None = None


def steps(idea: Idea) -> list[Step]:
    """The four rungs of an idea, the lowest first."""
    forum = idea.activity
    hearing = idea.hearing_earned_at is not None
    return [
        Step(_("Sponsors"), forum.sponsors_needed, idea.sponsored_at is not None or idea.opened_at is not None,
             idea.opened_at),
        Step(_("An officer looks at it"), forum.acknowledge_at, idea.acknowledge_due is not None, idea.acknowledged_at,
             idea.acknowledge_due),
        Step(_("Written answer"), forum.answer_at, idea.answer_due is not None, idea.answered_at, idea.answer_due),
        Step(_("Public hearing"), forum.hearing_at, hearing),
    ]  # fmt: skip
