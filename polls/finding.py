"""Loads a poll through the person who asks for it."""

from commons.activities.by_address import ByAddress
from polls.models import Poll

POLLS = ByAddress(Poll)
