"""What happens when: acts of many scenes, played in the order of their moments."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from mygov.demo.past import Past

IST = ZoneInfo("Asia/Kolkata")
CLOSING = time(23, 45)
OFFICE = time(11, 0)
PAUSE = timedelta(hours=24)  # of the story, at most, until people hear of what happened


@dataclass(order=True)
class Step:
    moment: datetime
    number: int
    act: Callable[[], object] = field(compare=False)
    tracked: bool = field(compare=False)


class Plan:
    """Days are counted from today, India's: −3 is three days ago."""

    def __init__(self, past: Past, rng: Random) -> None:
        self.past = past
        self.rng = rng
        self.today = past.began.astimezone(IST).date()
        self.newest = past.began - timedelta(minutes=7)  # nothing is younger
        self.steps: list[Step] = []

    def day(self, days: float, at: time = OFFICE) -> datetime:
        """A moment of that day. Today's may still be to come, and so may those of later days."""
        return datetime.combine(self.today + timedelta(days=days), at, IST)

    def at(self, moment: datetime, act: Callable[[], object], *, tracked: bool = True) -> datetime:
        """Plans an act, at the latest a few minutes ago. Returns when it will happen.

        Comments are not `tracked`: they change nothing that has versions.
        """
        moment = min(moment, self.newest)
        self.steps.append(Step(moment, len(self.steps), act, tracked))
        return moment

    def waking(self, moment: datetime) -> datetime:
        """The same, or some hours later when people sleep: between eleven and six they hardly write."""
        wide_awake = self.rng.random() > 0.9  # drawn always: what is drawn next must not depend on the hour
        asleep = not 6 <= moment.astimezone(IST).hour < 23
        return moment + timedelta(hours=7) if asleep and not wide_awake else moment

    def play(self, now_and_then: Callable[[], object]) -> None:
        """Plays everything planned, the oldest first; the other every day of the story, and at its end."""
        last = datetime.min.replace(tzinfo=IST)
        for step in sorted(self.steps):
            if step.moment - last > PAUSE:
                now_and_then()
                last = step.moment
            self.past.come_to(step.moment)
            step.act()
            if step.tracked:
                self.past.stamp()
        now_and_then()
