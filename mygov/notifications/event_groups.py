"""What people choose by: events that mean the same to whoever hears them, and how soon a mail tells of each."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class EventGroup(TextChoices):
    REPLIES = "replies", _("Replies to you")
    DECISIONS = "decisions", _("Decisions about what you wrote or sponsored")
    ANSWERS = "answers", _("Official answers and outcomes")
    WORK = "work", _("What you have to act on as an official")
    REST = "rest", _("Everything else: what you follow, support or reported")


class Frequency(TextChoices):
    NOW = "now", _("At once")
    DAILY = "daily", _("Once a day")
    WEEKLY = "weekly", _("Once a week, on Monday")
    NEVER = "never", _("Never")

    @property
    def is_digest(self) -> bool:
        return self in {Frequency.DAILY, Frequency.WEEKLY}


EVENTS = {
    EventGroup.REPLIES: {"reply"},
    EventGroup.DECISIONS: {"held", "hidden", "restored", "disposed", "idea parked", "idea rejected", "idea stopped",
        "appeal granted", "appeal refused", "attachment refused"},
    EventGroup.ANSWERS: {"official answer", "outcome", "idea answered", "matrix published"},
    EventGroup.WORK: {"submitted", "returned", "published", "idea to answer", "decision reversed", "decision upheld"},
    EventGroup.REST: {
        "report upheld", "report dismissed", "withdrawn", "changed", "draft published", "consultation step", "timetable changed", "opened", "idea sponsored", "idea opened",
        "idea notice", "idea retired", "idea earned answer", "idea earned hearing", "mail came back", "sms came back",
    },
}  # fmt: skip
GROUP_OF = {event: group for group, events in EVENTS.items() for event in events}
UNLESS_CHOSEN = {group: Frequency.DAILY if group == EventGroup.REST else Frequency.NOW for group in EventGroup}
