"""What others may listen to. Sent after the transaction commits; heard on the floors above."""

from django.dispatch import Signal

submitted = Signal()  # activity, by
returned = Signal()  # activity, by, note
published = Signal()  # activity
opened = Signal()  # activity
closed = Signal()  # activity
withdrawn = Signal()  # activity, reason
changed = Signal()  # activity, changes: after it opened
outcome_published = Signal()  # activity, outcome
received = Signal()  # contribution
disposed = Signal()  # disposition
