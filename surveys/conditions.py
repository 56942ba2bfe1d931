"""When a question is shown: an expression over earlier answers, read into a tree, and held against answers.

    {work} = 'farm' and ({acres} > 2 or {help} notempty)

Pure: no database, no request. The form of the expressions is the part of SurveyJS that import and export share.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

Answers = Mapping[str, Any]  # by question's name; what is not answered is not in it
OPERATORS = ("=", "<>", "<", "<=", ">", ">=", "contains", "notcontains", "anyof", "empty", "notempty")
WRITTEN = {"==": "=", "!=": "<>", "equal": "=", "notequal": "<>", "less": "<", "lessorequal": "<=", "greater": ">",
           "greaterorequal": ">=", "contain": "contains", "notcontain": "notcontains"}  # fmt: skip
LONGEST, DEEPEST = 2000, 20
TOKEN = re.compile(
    r"""\s*(?:(?P<name>\{[a-z][a-z0-9_]*(?:\.[A-Za-z0-9_-]+)?\})|(?P<text>'[^']*'|"[^"]*")|(?P<number>-?\d+(?:\.\d+)?)"""
    r"""|(?P<sign><>|<=|>=|==|!=|=|<|>|&&|\|\||!|\(|\)|\[|\]|,)|(?P<word>[A-Za-z]+))"""
)


class Malformed(ValueError):
    """The expression cannot be read. `at` is the place of the sign that does not fit."""

    def __init__(self, at: int) -> None:
        super().__init__(f"cannot read the expression at sign {at + 1}")
        self.at = at


@dataclass(frozen=True)
class Test:
    """One comparison. `row` names a row of a matrix; `value` is a text, a number, True or False, or a tuple of them."""

    __test__ = False  # pytest looks for classes of this name

    name: str
    op: str
    value: Any = None
    row: str = ""


@dataclass(frozen=True)
class Joined:
    """Several conditions of which `every` one must hold, or one of them."""

    every: bool
    parts: tuple[Condition, ...]


@dataclass(frozen=True)
class Not:
    part: Condition


type Condition = Test | Joined | Not
ALWAYS = Joined(True, ())


# -- reading and writing ---------------------------------------------------------------------------
def parse(text: str) -> Condition:
    """The tree of an expression; an empty one always holds. Raises Malformed."""
    if not text.strip():
        return ALWAYS
    if len(text) > LONGEST:
        raise Malformed(LONGEST)
    reader = Reader(text)
    found = reader.either()
    if reader.kind:
        raise Malformed(reader.begins)
    return found


class Reader:
    """Recursive descent: `or` binds weaker than `and`, `not` strongest."""

    def __init__(self, text: str) -> None:
        self.text, self.at, self.begins, self.kind, self.said, self.depth = text.rstrip(), 0, 0, "", "", 0
        self.step()

    def step(self) -> str:
        """To the next token; answers with the one left behind."""
        behind = self.said
        self.begins = self.at
        found = TOKEN.match(self.text, self.at)
        if self.at >= len(self.text):
            self.kind = self.said = ""
        elif found is None:
            raise Malformed(self.at)
        else:
            self.at = found.end()
            self.kind, self.said = found.lastgroup or "", found[found.lastgroup or 0]
        return behind

    def accept(self, *words: str) -> bool:
        fits = self.kind in {"sign", "word"} and self.said.lower() in words
        if fits:
            self.step()
        return fits

    def expect(self, sign: str) -> None:
        if not self.accept(sign):
            raise Malformed(self.begins)

    def either(self) -> Condition:
        parts = [self.both()]
        while self.accept("or", "||"):
            parts.append(self.both())
        return parts[0] if len(parts) == 1 else Joined(False, tuple(parts))

    def both(self) -> Condition:
        parts = [self.one()]
        while self.accept("and", "&&"):
            parts.append(self.one())
        return parts[0] if len(parts) == 1 else Joined(True, tuple(parts))

    def one(self) -> Condition:
        self.depth += 1
        if self.depth > DEEPEST:
            raise Malformed(self.begins)
        try:
            if self.accept("not", "!"):
                return Not(self.one())
            if self.accept("("):
                inner = self.either()
                self.expect(")")
                return inner
            return self.test()
        finally:
            self.depth -= 1

    def test(self) -> Test:
        if self.kind != "name":
            raise Malformed(self.begins)
        name, _dot, row = self.step()[1:-1].partition(".")
        if self.kind not in {"sign", "word"}:
            raise Malformed(self.begins)
        said = self.said.lower()
        op = WRITTEN.get(said, said)
        if op not in OPERATORS:
            raise Malformed(self.begins)
        self.step()
        if op in {"empty", "notempty"}:
            return Test(name, op, None, row)
        return Test(name, op, self.several() if op == "anyof" else self.value(), row)

    def several(self) -> tuple[Any, ...]:
        self.expect("[")
        values = [self.scalar()]
        while self.accept(","):
            values.append(self.scalar())
        self.expect("]")
        return tuple(values)

    def value(self) -> Any:
        return self.several() if self.said == "[" else self.scalar()

    def scalar(self) -> Any:
        kind, said, begins = self.kind, self.said, self.begins
        self.step()
        if kind == "text":
            return said[1:-1]
        if kind == "number":
            return float(said) if "." in said else int(said)
        if kind == "word" and said.lower() in {"true", "false"}:
            return said.lower() == "true"
        raise Malformed(begins)


def write(condition: Condition) -> str:
    """The expression of a tree: `parse(write(c)) == c` for every tree that was read."""
    if isinstance(condition, Not):
        return f"not ({write(condition.part)})"
    if isinstance(condition, Joined):
        return (" and " if condition.every else " or ").join(
            f"({write(part)})" if isinstance(part, Joined) else write(part) for part in condition.parts
        )
    name = f"{{{condition.name}.{condition.row}}}" if condition.row else f"{{{condition.name}}}"
    value = "" if condition.op in {"empty", "notempty"} else f" {quoted(condition.value)}"
    return f"{name} {condition.op}{value}"


def quoted(value: Any) -> str:
    if isinstance(value, tuple):
        return f"[{', '.join(map(quoted, value))}]"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return f'"{value}"' if "'" in value else f"'{value}'"
    return str(value)


def renamed(condition: Condition, names: Mapping[str, str]) -> Condition:
    """The same condition about questions that are called otherwise now."""
    if isinstance(condition, Test):
        return replace(condition, name=names.get(condition.name, condition.name))
    if isinstance(condition, Not):
        return Not(renamed(condition.part, names))
    return Joined(condition.every, tuple(renamed(part, names) for part in condition.parts))


def tests(condition: Condition) -> Iterator[Test]:
    """Every comparison within."""
    if isinstance(condition, Test):
        yield condition
    elif isinstance(condition, Not):
        yield from tests(condition.part)
    else:
        for part in condition.parts:
            yield from tests(part)


# -- holding against answers -----------------------------------------------------------------------
def holds(condition: Condition, answers: Answers) -> bool:
    """Whether the condition holds. What is not answered equals nothing, and is neither less nor more than anything."""
    return bool(may_hold(condition, answers, frozenset()))


def may_hold(condition: Condition, answers: Answers, open_names: frozenset[str]) -> bool | None:
    """True, False, or None while that depends on the questions in `open_names`."""
    if isinstance(condition, Test):
        return None if condition.name in open_names else compare(condition, answers.get(condition.name))
    if isinstance(condition, Not):
        inner = may_hold(condition.part, answers, open_names)
        return None if inner is None else not inner
    found = [may_hold(part, answers, open_names) for part in condition.parts]
    if condition.every:
        return False if False in found else (None if None in found else True)
    return True if True in found else (None if None in found else False)


def compare(test: Test, answer: Any) -> bool:
    if test.row:
        answer = answer.get(test.row) if isinstance(answer, dict) else None
    if test.op == "empty":
        return is_empty(answer)
    if test.op == "notempty":
        return not is_empty(answer)
    if is_empty(answer):
        return test.op in {"<>", "notcontains"}
    if test.op in {"=", "<>"}:
        return same(answer, test.value) == (test.op == "=")
    if test.op in {"contains", "notcontains"}:
        return includes(answer, test.value) == (test.op == "contains")
    if test.op == "anyof":
        return any(
            same(one, value) for one in (answer if isinstance(answer, list) else [answer]) for value in test.value
        )
    return ordered(test.op, answer, test.value)


def is_empty(answer: Any) -> bool:
    return answer is None or answer is False or answer in ("", [], {})


def same(answer: Any, value: Any) -> bool:
    """Two lists are the same in any order; a number and its digits are the same."""
    if isinstance(answer, list):
        wanted = value if isinstance(value, tuple) else (value,)
        return sorted(map(plain, answer)) == sorted(map(plain, wanted))
    return not isinstance(value, tuple) and plain(answer) == plain(value)


def plain(value: Any) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def includes(answer: Any, value: Any) -> bool:
    """Of a list: all the values; of a text: the words, in capitals or not."""
    wanted = value if isinstance(value, tuple) else (value,)
    if isinstance(answer, list):
        return {plain(one) for one in wanted} <= {plain(one) for one in answer}
    return all(plain(one).casefold() in plain(answer).casefold() for one in wanted)


def ordered(op: str, answer: Any, value: Any) -> bool:
    """Numbers as numbers; days and other texts by their signs. What cannot be compared does not hold."""
    left, right = number_in(answer), number_in(value)
    if left is None or right is None:
        if not (isinstance(answer, str) and isinstance(value, str)):
            return False
        left, right = answer, value  # type: ignore[assignment]
    return {"<": left < right, "<=": left <= right, ">": left > right, ">=": left >= right}[op]  # type: ignore[operator]


def number_in(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        return float(value)
    except ValueError:
        return None
