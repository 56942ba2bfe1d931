"""“Use my position”: filled in and kept when the device is allowed to say it, said in words when it is not."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Opens

PLACE = "/surveys/way-to-school/part-3/"
DELHI = {"latitude": 28.613939, "longitude": 77.209023}


def box(page: Page):
    return page.locator("#point-q_place")


def test_it_is_rounded_filled_in_and_kept_with_the_state(opens: Opens) -> None:
    page = opens(PLACE, width=320, geolocation=DELHI, permissions=["geolocation"])
    page.locator("#at-q_place").select_option(index=1)
    with page.expect_response(lambda answer: "28.61" in (answer.request.post_data or "")):  # not the state's alone
        page.get_by_role("button", name="Use my position").click()
    expect(box(page)).to_have_value("28.61, 77.21")
    expect(page.locator("#slot-q_place .saved")).to_contain_text("Saved")
    page.reload()
    expect(box(page)).to_have_value("28.61, 77.21")


@pytest.mark.parametrize(
    ("language", "words"), [("en", "Your position could not be found."), ("hi", "आपका स्थान नहीं मिल सका।")]
)
def test_refused_it_says_so_and_the_state_can_be_chosen_all_the_same(opens: Opens, language: str, words: str) -> None:
    page = opens(PLACE, width=320, language=language)  # nobody allowed it
    page.locator("[data-position]").click()
    expect(page.locator('[data-said="point-q_place"]')).to_contain_text(words)
    expect(page.locator("[data-position]")).to_be_enabled()
    expect(box(page)).to_have_value("")
    page.locator("#at-q_place").select_option(index=1)
    expect(page.locator("#slot-q_place .saved .icon")).to_be_visible()


def test_without_a_script_there_is_no_button_that_does_nothing(opens: Opens) -> None:
    page = opens(PLACE, java_script_enabled=False)
    expect(page.locator("[data-position]")).to_be_hidden()
    expect(box(page)).to_be_visible()
