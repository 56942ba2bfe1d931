"""Who may see a poll's results, and from when on. The clock decides; nobody has to release them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from commons.core.moments import ist
from commons.directory.rules import OFFICIAL, Role, holds
from polls.models import Poll

if TYPE_CHECKING:
    from datetime import datetime

    from commons.people.models import User

FEWEST = 10  # while it is open: with fewer ballots each new one could be told from the numbers


def hides_results(poll: Poll, at: datetime, *, has_voted: bool, ballots: int) -> str:
    """Why the results are not shown at that moment, in words for the reader; empty when they are."""
    Shown, Phase = Poll.Shown, Poll.Phase
    phase = poll.phase(at)
    if poll.state == Poll.State.WITHDRAWN:
        return _("This poll is void: its ballots are not counted.")
    if poll.state != Poll.State.PUBLISHED or phase == Phase.SCHEDULED:
        return _("It has not opened yet.")
    if phase == Phase.OPEN:
        if poll.shown in {Shown.AFTER_CLOSE, Shown.OFFICIALS_FIRST}:
            if poll.public_at is None:
                return _("Results are shown after it closes.")
            return _("Results are shown from %(when)s on.") % {"when": ist(poll.public_at)}
        if poll.shown == Shown.AFTER_VOTE and not has_voted:
            return _("Results are shown to whoever has voted, and to everybody after it closes.")
        if ballots < FEWEST:
            return _("Results are shown once %(n)s people have voted.") % {"n": FEWEST}
    elif poll.public_at and at < poll.public_at:
        return _("Results are shown from %(when)s on.") % {"when": ist(poll.public_at)}
    return ""


def open_to_guests(poll: Poll) -> bool:
    """Whether it takes ballots without an account; the insert itself asks again."""
    return poll.guests and not (poll.members_only or poll.residents_only or poll.min_level > 1)


def may_analyse(user: User, poll: Poll) -> bool:
    """See the results before everybody does: who works on them in the institution. Each look is recorded."""
    return holds(user, poll.institution, *OFFICIAL, Role.ANALYST)
