"""The reasons are public: the page of rules explains each, in both languages, where decisions lead to it."""

import pytest
from django.utils import translation

from mygov.moderation.reasons import STANDARD_WORDS, Reason, gravest, gravity

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("path", ["/community-rules/", "/hi/community-rules/"])
def test_each_reason_has_its_place_on_the_page_of_rules(client, path):
    text = client.get(path).content.decode()

    assert [code for code in Reason.values if f'<dt id="{code}">' not in text] == []


def test_the_page_calls_them_what_moderators_call_them(client):
    text = client.get("/community-rules/").content.decode()
    with translation.override("en"):
        assert [label for label in Reason.labels if f"<strong>{label}</strong>" not in text] == []


def test_each_reason_has_a_sentence_for_whoever_is_given_no_other():
    assert set(STANDARD_WORDS) == set(Reason)


def test_the_gravest_wins():
    assert [gravity(code) for code in ["", "off_topic", "illegal"]] == [0, 1, 6]
    assert gravest("spam", "offence") == gravest("offence", "", "spam") == "offence"
