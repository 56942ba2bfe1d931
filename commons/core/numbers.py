"""Numbers as they are written in India: 12,34,567; 12.3 lakh; 3 crore."""

from django.utils.translation import gettext as _

LAKH, CRORE = 100_000, 10_000_000


def indian(number: int) -> str:
    """Groups of two above the thousand: 1234567 is “12,34,567”."""
    if -1000 < number < 1000:
        return str(number)
    sign, digits = ("-", str(-number)) if number < 0 else ("", str(number))
    head, tail = digits[:-3], digits[-3:]
    groups = []
    while head:
        groups.append(head[-2:])
        head = head[:-2]
    return sign + ",".join([*reversed(groups), tail])


def lakh(number: int) -> str:
    """Large numbers in words, cut (never rounded up) to one decimal: 1234567 is “12.3 lakh”."""
    for unit, words in ((CRORE, _("%(n)s crore")), (LAKH, _("%(n)s lakh"))):
        if number >= unit:
            tenths = number * 10 // unit
            shown = indian(tenths // 10) + (f".{tenths % 10}" if tenths % 10 else "")
            return words % {"n": shown}
    return indian(number)
