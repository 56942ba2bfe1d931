"""What the screening rules look for, and what they say. The same rules judge a text that is about to show and past ones.

New accounts are held to all of them, everybody to the listed words. What they find is added up: a text is held when
the weights of what was found reach HOLD_AT.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Protocol

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from commons.comments.screening import Finding
from mygov.moderation.learning import Opinion
from mygov.moderation.models import ScreeningRule
from mygov.moderation.models.screening_rule import HOLD_AT
from mygov.moderation.reasons import Reason

Kind = ScreeningRule.Kind
LINK = re.compile(
    r"""(?:https?://|www\.)[^\s<>()\[\]"',;|]*"""
    r"|(?<![\w.@-])[\w-]{1,63}\.(?:com|in|org|net|info|xyz|io|co|ru|top|link|gov|me|biz|shop|online)\b",
    re.IGNORECASE,
)
IN_A_ROW = timedelta(minutes=10)
SHORTEST = 40  # characters; short texts are alike without being copies ("I agree with this")


class Text(Protocol):
    """What the rules ask of a text; each is found out when it is asked for."""

    @property
    def is_new(self) -> bool:
        """Whether its author is new here."""

    @property
    def links(self) -> int: ...

    @property
    def alike(self) -> float:
        """How like the likest text of the last day it is, in per cent."""

    @property
    def masked(self) -> bool:
        """Whether a personal number was hidden in it."""

    @property
    def opinion(self) -> Opinion | None:
        """What the learned filter of its language thinks of it."""

    def listed(self, words: str) -> str:
        """The first of the listed phrases in it."""

    def is_one_more_than(self, times: int) -> bool:
        """Whether its author wrote so often in the ten minutes before."""


def judge(text: Text, rules: Iterable[ScreeningRule]) -> list[Finding]:
    """What these rules find in a text, whatever it weighs."""
    by_kind = {rule.kind: rule for rule in rules if rule.enabled}
    found = []
    for kind, look in LOOKS.items():
        rule = by_kind.get(kind)
        if rule is None or (kind not in FOR_EVERYBODY and not text.is_new):
            continue
        finding = look(text, rule)
        if finding is not None:
            code, words = finding
            found.append(Finding(code, words, rule.kind, rule.version, rule.weight))
    return found


def is_enough(findings: Iterable[Finding]) -> bool:
    """Whether what was found holds a text."""
    return sum(finding.weight for finding in findings) >= HOLD_AT


Look = Callable[[Text, ScreeningRule], tuple[str, str] | None]


def words(text: Text, rule: ScreeningRule) -> tuple[str, str] | None:
    listed = text.listed(rule.words)
    return (Reason.OFFENCE, _("It contains “%(word)s”.") % {"word": listed}) if listed else None


def links(text: Text, rule: ScreeningRule) -> tuple[str, str] | None:
    if text.links <= rule.threshold:
        return None
    said = ngettext(
        "It has %(n)s links; a new account may set %(most)s link.",
        "It has %(n)s links; a new account may set %(most)s links.",
        rule.threshold,
    )
    return Reason.SPAM, said % {"n": text.links, "most": rule.threshold}


def velocity(text: Text, rule: ScreeningRule) -> tuple[str, str] | None:
    if not rule.threshold or not text.is_one_more_than(rule.threshold):
        return None
    return Reason.SPAM, _("A new account may write %(n)s times within ten minutes.") % {"n": rule.threshold}


def duplicates(text: Text, rule: ScreeningRule) -> tuple[str, str] | None:
    if text.alike < rule.threshold:
        return None
    return Reason.DUPLICATE, _("It is almost the same as what was written here in the last day.")


def personal(text: Text, rule: ScreeningRule) -> tuple[str, str] | None:
    if not text.masked:
        return None
    return Reason.ILLEGAL, _("It had a personal number or address in it. We have hidden it; please check.")


def learned(text: Text, rule: ScreeningRule) -> tuple[str, str] | None:
    opinion = text.opinion
    if opinion is None or opinion.per_cent < rule.threshold or opinion.filter.lacks:
        return None
    return opinion.filter.reason, _("It reads like what moderators have hidden here before.")


LOOKS: dict[str, Look] = {
    Kind.WORDS: words, Kind.LINKS: links, Kind.VELOCITY: velocity, Kind.DUPLICATES: duplicates, Kind.PERSONAL: personal,
    Kind.LEARNED: learned,
}  # fmt: skip
FOR_EVERYBODY = {Kind.WORDS}
