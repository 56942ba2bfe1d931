"""Reference numbers survive being read out and typed back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commons.core.references import ALPHABET, check_sign, new_reference, read_reference


def test_a_new_reference_reads_back_as_itself():
    reference = new_reference()

    assert read_reference(reference) == reference
    assert read_reference(reference.lower().replace("-", " ")) == reference


@pytest.mark.parametrize("place", range(10))
def test_any_one_wrong_sign_is_found(place):
    signs = list(new_reference().replace("-", ""))
    wrong = [sign for sign in ALPHABET if sign != signs[place]]

    for sign in wrong:
        assert read_reference("".join([*signs[:place], sign, *signs[place + 1 :]])) is None


def test_swapped_neighbours_are_found():
    code = "23456789AB"
    for place in range(9):
        swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
        assert read_reference(swapped + check_sign(code)) is None


@pytest.mark.parametrize("typed", ["", "ABC", "\x00" * 11, "०१२३४५६७८९०", "X" * 10_000])
def test_nonsense_is_not_a_reference(typed):
    assert read_reference(typed) is None


@pytest.mark.parametrize(
    ("body", "check"),
    [
        ("2222222222", "2"),  # every sign is worth 0
        ("3222222222", "4"),  # 1 at weight 2
        ("2222222223", "D"),  # 1 at weight 11
        ("Z222222222", "Y"),  # 30 at weight 2 is 60, and 29 after 31
        ("3333333333", "5"),  # the weights 2 to 11 add up to 65, and 3 after 62
    ],
)
def test_check_signs_worked_out_by_hand(body, check):
    assert check_sign(body) == check


BODIES = st.text(ALPHABET, min_size=10, max_size=10)


@given(BODIES)
def test_every_reference_reads_back(body):
    code = body + check_sign(body)

    assert read_reference(code) == f"{code[:4]}-{code[4:8]}-{code[8:]}"


@given(BODIES, st.integers(0, 10), st.sampled_from(ALPHABET))
def test_one_wrong_sign_is_found_the_check_itself_included(body, place, sign):
    code = body + check_sign(body)
    wrong = code[:place] + sign + code[place + 1 :]

    assert (read_reference(wrong) is not None) == (wrong == code)


@given(BODIES, st.integers(0, 9))
def test_two_swapped_neighbours_are_found_the_check_itself_included(body, place):
    code = body + check_sign(body)
    swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]

    assert (read_reference(swapped) is not None) == (swapped == code)


def test_references_do_not_repeat():
    assert len({new_reference() for _ in range(2000)}) == 2000
