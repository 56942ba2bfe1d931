"""What others may listen to, and the one question asked before a comment shows."""

from dataclasses import dataclass

from django.dispatch import Signal

# Asked inside the transaction, before the row is written. Receivers get `text`, `person`, `activity` and return
# a list of Finding; any finding holds the text for a moderator. They must not write.
screening = Signal()

# Told after the transaction has committed.
commented = Signal()  # comment: it is visible
held = Signal()  # comment, findings
hidden = Signal()  # comment, by
restored = Signal()  # comment, by


@dataclass(frozen=True)
class Finding:
    """Why a text should be looked at: a reason code, and the words shown to its author."""

    code: str
    words: str
