"""What a poll's draft still lacks, in words for its author."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from commons.activities.readiness import said_in
from polls.models import Poll

if TYPE_CHECKING:
    from polls.models import Option

Method = Poll.Method


def lacking(poll_id: int) -> dict[str, list[str]]:
    """By field; what concerns the options stands under “options”. Empty when nothing is missing."""
    poll = Poll.objects.get(pk=poll_id)
    options = list(poll.options.select_related("picture").order_by("number"))
    found: dict[str, list[str]] = {}
    if problems := problems_of(poll, options):
        found["options"] = problems
    if poll.shown in {Poll.Shown.AFTER_CLOSE, Poll.Shown.OFFICIALS_FIRST} and poll.closes_at is None:
        found["closes_at"] = [_("Results that are shown after the close need a close.")]
    if poll.method == Method.BUDGET and not poll.budget:
        found["budget"] = [_("Say what may be spent in all.")]
    return found


def problems_of(poll: Poll, options: list[Option]) -> list[str]:
    problems = [_("A poll has at least two options.")] if len(options) < 2 else []
    for option in options:
        name = _("Option %(number)s") % {"number": option.number}
        if not (said_in(option.label, "en") and said_in(option.label, "hi")):
            problems.append(_("%(option)s: say it in English and in Hindi.") % {"option": name})
        if poll.method == Method.BUDGET and not option.cost:
            problems.append(_("%(option)s: say what it costs.") % {"option": name})
        if poll.method == Method.BUDGET and option.cost and poll.budget and option.cost > poll.budget:
            problems.append(_("%(option)s costs more than the whole budget.") % {"option": name})
        if poll.method == Method.PICTURES and not hasattr(option, "picture"):
            problems.append(_("%(option)s: add its picture.") % {"option": name})
        if hasattr(option, "picture") and not (said_in(option.alt, "en") and said_in(option.alt, "hi")):
            problems.append(_("%(option)s: say in both languages what the picture shows.") % {"option": name})
    return problems
