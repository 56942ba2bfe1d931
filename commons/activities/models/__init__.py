"""The Activity and what happens to it: its changes, its outcome, and the ledger of what became of each contribution."""

from commons.activities.models.activity import Activity
from commons.activities.models.change import ActivityChange
from commons.activities.models.ledger import Contribution, Disposition
from commons.activities.models.outcome import Outcome

__all__ = ["Activity", "ActivityChange", "Contribution", "Disposition", "Outcome"]
