"""Addresses of pages that take one argument. Lists link to dozens of them; asking the resolver each time is slow."""

from functools import lru_cache

from django.urls import reverse
from django.utils.translation import get_language

MARKER = "987654321"  # fits both <int> and <slug>


@lru_cache(maxsize=500)
def around(view: str, language: str | None) -> tuple[str, str]:
    """What stands before and after the argument, in that language."""
    before, _, after = reverse(view, args=[MARKER]).partition(MARKER)
    return before, after


def address(view: str, argument: str | int) -> str:
    """`reverse(view, args=[argument])` for a number or a slug, which need no quoting."""
    before, after = around(view, get_language())
    return f"{before}{argument}{after}"
