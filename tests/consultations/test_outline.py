"""A law's text becomes numbered clauses, and nothing hostile comes with it."""

from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError

from consultations import outline
from tests.consultations.conftest import LAW

REAL = Path(settings.BASE_DIR).parent / "shared/data/policy_dpdp/rules_1_to_9.md"


def labels(text: str) -> list[str]:
    return [clause.label for clause in outline.read(text).clauses]


def test_rules_sub_rules_items_and_schedules_are_found_in_their_depth():
    read = outline.read(LAW)
    assert read.title == "School Meals Rules"
    assert [(c.label, c.depth) for c in read.clauses] == [
        ("1", 0), ("1(1)", 1), ("1(2)", 1), ("2", 0), ("2(a)", 1), ("2(b)", 1), ("2(b)(i)", 2), ("2(b)(ii)", 2),
        ("3", 0), ("3(1)", 1), ("3(2)", 1), ("First Schedule", 0),
    ]  # fmt: skip


def test_a_table_is_kept_as_one():
    schedule = outline.read(LAW).clauses[-1]
    assert "<table><thead><tr><th>Class</th><th>Calories</th></tr></thead>" in schedule.html.replace("\n", "")
    assert schedule.text == "Class Calories\n1 to 5 450\n6 to 8 700"


def test_an_i_after_an_h_is_a_letter_and_else_roman():
    text = "## 1. All\n" + "\n".join(f"({letter}) item;" for letter in "abcdefghij")
    assert labels(text)[1:] == [f"1({letter})" for letter in "abcdefghij"]
    assert labels("## 1. All\n(a) one\n(i) x\n(ii) y\n(iii) z\n(iv) w\n(b) two") == [
        "1", "1(a)", "1(a)(i)", "1(a)(ii)", "1(a)(iii)", "1(a)(iv)", "1(b)",
    ]  # fmt: skip


def test_a_reference_at_the_head_of_a_wrapped_line_is_no_item():
    assert labels("## 1. All\n(1) one\n(2) two\n(3) subject to sub-rules\n(1) and\n(2) above") == [
        "1",
        "1(1)",
        "1(2)",
        "1(3)",
    ]


def test_an_inserted_sub_rule_keeps_its_letter():
    assert labels("## 1. All\n(1) one\n(1A) inserted\n(2) two") == ["1", "1(1)", "1(1A)", "1(2)"]


def test_a_text_without_headings_is_read_by_its_numbers():
    text = "THE RULES\n1. Short title.—(1) These are the rules.\n(2) They begin now.\n2. Definitions.—In these rules,—\n(a) “x” means y."
    read = outline.read(text)
    assert [(c.label, c.heading) for c in read.clauses] == [
        ("1", "Short title"), ("1(1)", ""), ("1(2)", ""), ("2", "Definitions"), ("2(a)", ""),
    ]  # fmt: skip
    assert read.clauses[1].text == "These are the rules."


@pytest.mark.parametrize(
    "text",
    [
        "## 1. x\n<script>alert(1)</script>",
        "## 1. x\n<img src=x onerror=alert(1)>",
        "## 1. x\n[a](javascript:alert(1))",
        "<iframe src=//x>",
    ],
)
def test_scripts_are_refused_with_a_reason(text):
    with pytest.raises(ValidationError) as refused:
        outline.read(text)
    assert refused.value.code == "script"


def test_a_text_without_clauses_is_refused_with_what_to_do():
    with pytest.raises(ValidationError) as refused:
        outline.read("Dear all, please comment.")
    assert refused.value.code == "no_clause"


def test_other_html_is_shown_as_text():
    clause = outline.read("## 1. x\na <b>bold</b> & <a href='//evil.example'>link</a>").clauses[0]
    assert "<b>" not in clause.html
    assert "<a" not in clause.html
    assert clause.text == "a <b>bold</b> & <a href='//evil.example'>link</a>"


@pytest.mark.real_data
@pytest.mark.skipif(not REAL.exists(), reason="the published rules are not beside the checkout")
def test_nine_published_rules_keep_their_items_and_lose_their_page_heads():
    read = outline.read(REAL.read_text(encoding="utf-8"))
    assert [c.number for c in read.clauses if c.depth == 0] == [str(n) for n in range(1, 10)]
    assert (len(read.clauses), read.left_out) == (71, 2)
    found = {c.label: c.text for c in read.clauses}
    assert found["3(c)(i)"].startswith("withdraw her consent")
    assert found["5(2)(c)(ii)"].startswith("in case of any local or other authority")
    assert found["7(2)(b)(vi)"].endswith("affected Data Principals.")
    assert "असाधारण" not in "".join(found.values())
