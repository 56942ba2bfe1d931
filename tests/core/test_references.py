"""Reference numbers survive being read out and typed back."""

import pytest

from commons.core.references import ALPHABET, new_reference, read_reference


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
    from commons.core.references import check_sign

    for place in range(9):
        swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
        assert read_reference(swapped + check_sign(code)) is None


@pytest.mark.parametrize("typed", ["", "ABC", "\x00" * 11, "०१२३४५६७८९०", "X" * 10_000])
def test_nonsense_is_not_a_reference(typed):
    assert read_reference(typed) is None
