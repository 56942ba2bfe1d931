"""The one question asked before a text shows: should somebody look at it first?"""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import models
from django.dispatch import Signal

if TYPE_CHECKING:
    from commons.activities.models import Activity
    from commons.people.models import User

# Asked inside the transaction, before the row is written. Receivers get what `findings` takes and answer with
# a list of Finding; any finding holds the text for a moderator. They must not write.
asked = Signal()


@dataclass(frozen=True)
class Finding:
    """Why a text should be looked at: a reason code, and the words shown to its author.

    `rule`, its `version` and what it weighs say which rule found it; empty when people did.
    """

    code: str
    words: str
    rule: str = ""
    version: int = 0
    weight: int = 0


def findings(
    text: str, person: User, activity: Activity, *, masked: Set[str] = frozenset(), row: models.Model | None = None
) -> list[Finding]:
    """What everybody who listens found in the text. Empty: it may show at once.

    `masked` names the kinds of personal numbers that were hidden in it; `row` is what the text replaces in an edit.
    """
    answers: list[tuple[Any, Any]] = asked.send(
        Finding, text=text, person=person, activity=activity, masked=masked, row=row
    )
    return [finding for _receiver, found in answers for finding in found or []]
