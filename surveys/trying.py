"""Answers worth trying when one looks for a way to a question: one for each difference that conditions can see. Pure."""

from __future__ import annotations

from itertools import combinations, product
from typing import Any

from surveys.conditions import Test
from surveys.shape import Asked

MOST_MENTIONED = 6  # options of one question that conditions speak of, beyond which their combinations are too many


class TooMany(Exception):
    """There are more ways than anybody would wait for."""


def choices(asked: Asked, mentioned: list[Test]) -> list[Any]:
    """Answers of which one stands for every other that the conditions cannot tell from it; None is no answer."""
    nothing: list[Any] = [] if asked.required and asked.kind != "info" else [None]
    if asked.kind == "info":
        return [None]
    values: list[Any] = [value for test in mentioned for value in constants(test)]
    if asked.kind in {"matrix_single", "matrix_multi"}:
        return matrix_choices(asked, mentioned) + nothing
    if asked.kind in {"multi", "ranking"}:
        return list_choices(asked, [str(value) for value in values]) + nothing
    if asked.kind == "place":
        return [{"state": code} for code in told_apart(asked, values)] + nothing
    if asked.options:
        return [*told_apart(asked, values), *nothing]
    if asked.kind in {"number", "scale", "nps"}:
        return numbers(asked, [float(value) for value in values if isinstance(value, int | float)]) + nothing
    if asked.kind == "consent":
        return [True, *nothing]
    if asked.kind == "file":
        return [{"name": "x"}, *nothing]
    texts = [str(value) for value in values]
    around = [text + "~" for text in texts] + [text[:-1] for text in texts if len(text) > 1]
    return list(dict.fromkeys([*texts, *around, " ".join(texts), "something else"])) + nothing


def told_apart(asked: Asked, values: list[Any]) -> list[Any]:
    """The options that are spoken of, and one that is not."""
    codes = [str(value) for value in values if str(value) in asked.options]
    return list(dict.fromkeys([*codes, *[code for code in asked.options if code not in codes][:1]]))


def constants(test: Test) -> tuple[Any, ...]:
    if test.value is None:
        return ()
    return test.value if isinstance(test.value, tuple) else (test.value,)


def numbers(asked: Asked, values: list[float]) -> list[Any]:
    """The values themselves and both sides of each, within the bounds."""
    near = {value + step for value in values for step in (-1, -0.5, 0, 0.5, 1)} if values else {0.0}
    near |= {float(bound) for bound in (asked.least, asked.most) if bound is not None}
    within = [
        value
        for value in sorted(near)
        if (asked.least is None or value >= asked.least) and (asked.most is None or value <= asked.most)
    ]
    whole = [int(value) for value in within if float(value).is_integer()]
    return whole if asked.kind in {"scale", "nps"} else [*whole, *(v for v in within if not float(v).is_integer())]


def list_choices(asked: Asked, values: list[str]) -> list[Any]:
    """Combinations of the options that are spoken of, each with and without one that is not."""
    codes = [code for code in dict.fromkeys(values) if code in asked.options]
    if len(codes) > MOST_MENTIONED:
        raise TooMany
    if asked.kind == "ranking":
        return [list(asked.options)]
    other = next((code for code in asked.options if code not in codes), None)
    chosen = [list(some) for size in range(len(codes) + 1) for some in combinations(codes, size)]
    chosen += [[*some, other] for some in chosen if other]
    least, most = asked.least or 1, asked.most or len(asked.options)
    spare = [code for code in asked.options if code not in codes]
    padded = [some + [code for code in spare if code not in some][: max(int(least) - len(some), 0)] for some in chosen]
    return [some for some in padded if some and least <= len(some) <= most]


def matrix_choices(asked: Asked, mentioned: list[Test]) -> list[Any]:
    rows = list(dict.fromkeys(test.row for test in mentioned if test.row in asked.rows))
    each = []
    for row in rows:
        codes = [str(value) for test in mentioned if test.row == row for value in constants(test)]
        other = [code for code in asked.options if code not in codes][:1]
        single = list(dict.fromkeys([code for code in codes if code in asked.options] + other))
        each.append(single if asked.kind == "matrix_single" else list_choices(
            Asked(asked.name, "multi", options=asked.options), codes))  # fmt: skip
        if not asked.required:
            each[-1] = [*each[-1], None]
    if len(rows) > MOST_MENTIONED:
        raise TooMany
    filled = {} if rows or not asked.rows else {asked.rows[0]: asked.options[0]}
    found = []
    for some in product(*each):
        value = {**filled, **{row: one for row, one in zip(rows, some, strict=True) if one is not None}}
        if asked.required:
            rest = asked.options[0] if asked.kind == "matrix_single" else [asked.options[0]]
            value = {**dict.fromkeys(asked.rows, rest), **value}
        found.append(value)
    return [value for value in found if value]
