"""Where a quotation stands in a text (W3C TextQuoteSelector), and where it stands in a later one. Pure and deterministic."""

from __future__ import annotations

from dataclasses import dataclass

from rapidfuzz import fuzz

AROUND = 32  # signs kept before and after a quotation
FUZZY = 80.0  # of 100: so alike must a passage be
SHORTEST = 12  # signs; less than that is found exactly or not at all


@dataclass(frozen=True)
class Anchor:
    exact: str = ""
    prefix: str = ""
    suffix: str = ""


WHOLE = Anchor()


def anchor(text: str, exact: str) -> Anchor | None:
    """The quotation with what stands around it; the whole clause when nothing is quoted; None when it is not in the text.

    White space may differ: a browser's selection has other line ends than the text.
    """
    if not exact.strip():
        return WHOLE
    found = spread(text, exact)
    if found is None:
        return None
    begin, end = found
    return Anchor(text[begin:end], text[max(begin - AROUND, 0) : begin], text[end : end + AROUND])


def spread(text: str, exact: str) -> tuple[int, int] | None:
    """Where the quotation begins and ends in the text, whatever the white space."""
    places = [at for at, sign in enumerate(text) if not sign.isspace()]
    begin = "".join(text[at] for at in places).find(wanted := "".join(exact.split()))
    return None if begin < 0 else (places[begin], places[begin + len(wanted) - 1] + 1)


@dataclass(frozen=True)
class Place:
    """`how` is exact, fuzzy or unplaced."""

    how: str
    begin: int = 0
    end: int = 0
    score: float = 0.0


UNPLACED = Place("unplaced")


def place(text: str, quote: Anchor) -> Place:
    """Where a quotation stands in a changed text: word for word, with what stood around it deciding between several, or nearly so."""
    if not quote.exact:
        return Place("exact", 0, len(text), 100.0)
    places, at = [], text.find(quote.exact)
    while at >= 0:
        places.append(at)
        at = text.find(quote.exact, at + 1)
    if places:
        begin = max(places, key=lambda one: (context(text, one, quote), -one))
        return Place("exact", begin, begin + len(quote.exact), 100.0)
    if len(quote.exact) < SHORTEST or not text:
        return UNPLACED
    if len(text) < len(quote.exact):
        score = fuzz.ratio(quote.exact, text, score_cutoff=FUZZY)
        return Place("fuzzy", 0, len(text), score) if score else UNPLACED
    found = fuzz.partial_ratio_alignment(quote.exact, text, score_cutoff=FUZZY)
    return Place("fuzzy", found.dest_start, found.dest_end, found.score) if found else UNPLACED


def context(text: str, begin: int, quote: Anchor) -> float:
    """How much of what stood around the quotation stands around this place."""
    before, after = text[max(begin - AROUND, 0) : begin], text[begin + len(quote.exact) :][:AROUND]
    return fuzz.ratio(before, quote.prefix) + fuzz.ratio(after, quote.suffix)
