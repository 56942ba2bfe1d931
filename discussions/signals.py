"""What others may listen to. Sent after the transaction commits."""

from django.dispatch import Signal

idea_brought = Signal()  # idea
idea_opened = Signal()  # idea: it found its sponsors
idea_retired = Signal()  # idea
idea_answered = Signal()  # idea
idea_held = Signal()  # idea, findings
idea_hidden = Signal()  # idea, by
idea_restored = Signal()  # idea, by
