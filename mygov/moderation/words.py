"""Finds listed words in a text, by whole words, in every script, in time that grows only with the text's length."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from commons.core.cleaning import JOINERS

Phrases = dict[str, list[tuple[str, ...]]]


def words_of(text: str) -> list[str]:
    """The words of a text without case, width and joiners. A word is letters, marks and digits.

    Python's `\\w` ends a word at a vowel sign, and so would cut Hindi words in the middle.
    """
    plain = unicodedata.normalize("NFKC", text).casefold()
    signs = [c if unicodedata.category(c)[0] in "LMN" else " " for c in plain if c not in JOINERS]
    return "".join(signs).split()


@lru_cache(maxsize=4)
def phrases_of(listed: str) -> Phrases:
    """The phrases of a list by their first word."""
    phrases: Phrases = {}
    for line in listed.splitlines():
        words = tuple(words_of(line)) if not line.lstrip().startswith("#") else ()
        if words:
            phrases.setdefault(words[0], []).append(words)
    return phrases


def first_listed(text: str, listed: str) -> str:
    """The first listed phrase the text contains, or an empty string."""
    phrases = phrases_of(listed)
    words = words_of(text)
    for place, word in enumerate(words):
        for phrase in phrases.get(word, ()):
            if tuple(words[place : place + len(phrase)]) == phrase:
                return " ".join(phrase)
    return ""
