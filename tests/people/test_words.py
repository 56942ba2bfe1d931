"""What allauth says is translated with everything else."""

from commons.people.allauth_words import WORDS
from tests.people.allauth_texts import of_adapters, of_templates


def test_every_word_of_allauth_a_citizen_can_meet_is_marked_for_our_catalogue():
    assert set(WORDS) == of_templates() | of_adapters()
    assert len(WORDS) == len(set(WORDS))
