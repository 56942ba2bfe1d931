"""Expressions are read as they are written, and hold for the answers they speak of."""

import pytest

from surveys import conditions
from surveys.conditions import Joined, Malformed, Not, Test, holds, parse, write


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("", Joined(True, ())),
        ("{a} = 'x'", Test("a", "=", "x")),
        ('{a} == "it\'s"', Test("a", "=", "it's")),
        ("{a} notempty", Test("a", "notempty")),
        ("{a}>=2.5", Test("a", ">=", 2.5)),
        ("{a} anyof ['x', 'y']", Test("a", "anyof", ("x", "y"))),
        ("{a.row-1} <> 3", Test("a", "<>", 3, "row-1")),
        ("{a} = 1 or {b} = 2 and {c} = 3",
         Joined(False, (Test("a", "=", 1), Joined(True, (Test("b", "=", 2), Test("c", "=", 3)))))),
        ("({a} = 1 or {b} = 2) and not ({c} empty)",
         Joined(True, (Joined(False, (Test("a", "=", 1), Test("b", "=", 2))), Not(Test("c", "empty"))))),
    ],
)  # fmt: skip
def test_an_expression_is_read(text, tree):
    assert parse(text) == tree
    assert parse(write(tree)) == tree


@pytest.mark.parametrize(
    "text",
    ["{a}", "{a} =", "a = 1", "{a} = 1 and", "({a} = 1", "{a} = 1)", "{a} like 'x'", "{A} = 1", "{a} = __import__",
     "{a} = 'x", "not " * 30 + "{a} = 1", "(" * 500, "{a} = 1 " * 400],
)  # fmt: skip
def test_what_is_no_expression_is_refused_with_its_place(text):
    with pytest.raises(Malformed) as refused:
        parse(text)
    assert 0 <= refused.value.at <= 2000


@pytest.mark.parametrize(
    ("text", "answer", "expected"),
    [
        ("{a} = 'x'", "x", True), ("{a} = 'x'", "y", False), ("{a} = 'x'", None, False), ("{a} <> 'x'", None, True),
        ("{a} = 2", "2", True), ("{a} = 2", 2.0, True), ("{a} > 9", "10", True), ("{a} > 9", None, False),
        ("{a} < '2026-02-01'", "2026-01-31", True), ("{a} > 1", "many", False), ("{a} contains 'x'", ["y", "x"], True),
        ("{a} contains ['x', 'z']", ["y", "x"], False), ("{a} contains 'MILK'", "no milk", True),
        ("{a} notcontains 'x'", ["y"], True), ("{a} = ['x', 'y']", ["y", "x"], True), ("{a} anyof ['x', 'y']", "y", True),
        ("{a} anyof ['x', 'y']", ["z"], False), ("{a} empty", [], True), ("{a} notempty", 0, True),
        ("{a.r} = 'good'", {"r": "good"}, True), ("{a.r} = 'good'", "good", False), ("{a} = true", True, True),
    ],
)  # fmt: skip
def test_a_comparison_holds(text, answer, expected):
    assert holds(parse(text), {} if answer is None else {"a": answer}) is expected


def test_the_same_comparison_twice_is_as_good_as_once():
    once, known = parse("{a} = 'x'"), {"a": "x"}
    for joined in ("{a} = 'x' and {a} = 'x'", "{a} = 'x' or {a} = 'x'", "({a} = 'x') and ({a} = 'x' or {a} = 'x')"):
        assert [holds(parse(joined), given) for given in (known, {"a": "y"}, {})] == [
            holds(once, given) for given in (known, {"a": "y"}, {})
        ]


def test_what_is_still_open_decides_only_where_it_must():
    tree = parse("{a} = 1 or {b} = 2")
    assert conditions.may_hold(tree, {"a": 1}, frozenset({"b"})) is True
    assert conditions.may_hold(tree, {"a": 3}, frozenset({"b"})) is None
    assert conditions.may_hold(parse("{a} = 1 and {b} = 2"), {"a": 3}, frozenset({"b"})) is False
