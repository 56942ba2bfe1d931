"""What everybody reads beside a count that leaves something out."""

from __future__ import annotations

from django.utils.translation import ngettext

from commons.core.numbers import indian


def checked_words(count: int) -> str:
    """Empty when nothing is being checked."""
    said = ngettext(
        "%(n)s vote is not counted while it is checked.", "%(n)s votes are not counted while they are checked.", count
    )
    return said % {"n": indian(count)} if count else ""


def left_out_words(count: int) -> str:
    """Empty when nothing was left out."""
    said = ngettext("%(n)s vote was left out after a check.", "%(n)s votes were left out after a check.", count)
    return said % {"n": indian(count)} if count else ""
