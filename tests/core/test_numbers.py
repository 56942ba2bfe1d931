"""Numbers as India writes them."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commons.core.numbers import indian, lakh


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        (0, "0"), (7, "7"), (999, "999"), (1000, "1,000"), (12345, "12,345"), (99_999, "99,999"), (100_000, "1,00,000"),
        (1_234_567, "12,34,567"), (10_000_000, "1,00,00,000"), (1_234_567_890, "1,23,45,67,890"), (-1, "-1"),
        (-1_234_567, "-12,34,567"),
    ],
)  # fmt: skip
def test_groups(number, shown):
    assert indian(number) == shown


@given(st.integers(-(10**20), 10**20))
def test_no_digit_is_lost_and_every_group_has_its_length(number):
    shown = indian(number)

    assert int(shown.replace(",", "")) == number
    assert re.fullmatch(r"-?(\d{1,3}|\d{1,2}(,\d{2})*,\d{3})", shown)


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        (0, "0"), (99_999, "99,999"), (100_000, "1 lakh"), (109_999, "1 lakh"), (110_000, "1.1 lakh"),
        (1_234_567, "12.3 lakh"), (9_999_999, "99.9 lakh"), (10_000_000, "1 crore"), (12_999_999, "1.2 crore"),
        (1_234_567_890, "123.4 crore"), (10**12, "1,00,000 crore"), (-500_000, "-5,00,000"),
    ],
)  # fmt: skip
def test_large_numbers_in_words_are_never_rounded_up(number, shown):
    assert lakh(number) == shown
