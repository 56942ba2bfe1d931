"""An official builds a long survey before lunch: sixty questions in six sections, without JavaScript and with it."""

from __future__ import annotations

from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Opens

ASKED = [
    ("How content are you with stop {n}?", ["- Very | बहुत", "- A little | थोड़ा", "- Not at all | बिल्कुल नहीं"]),
    ("Which of these did you use at stop {n}?", ["[ ] The bench | बेंच", "[ ] The light | बत्ती"]),
    ("What should change at stop {n}?", []),
]


def questionnaire() -> str:
    """Sixty questions in six sections, as they come out of a text document."""
    lines = []
    for number in range(60):
        if number % 10 == 0:
            lines.append(f"# Part {number // 10 + 1} of the journey | यात्रा का भाग {number // 10 + 1}")
        words, choices = ASKED[number % 3]
        lines += [f"{number + 1}. {words.format(n=number)} *", f"ठहराव {number} के बारे में?", *choices, ""]
    return "\n".join(lines)


def questions(page: Page) -> list[str]:
    return page.locator(".builder-section li > div > a").all_inner_texts()


@pytest.mark.parametrize("scripts", [False, True])
def test_sixty_questions_are_built_in_four_presses_and_one_goes_where_it_belongs(opens: Opens, scripts: bool) -> None:
    page = opens("/admin/surveys/survey/add/", who="meera", java_script_enabled=scripts)
    pressed = 0

    def press(name: str) -> None:
        nonlocal pressed
        pressed += 1
        page.get_by_text(name, exact=True).first.click()

    page.locator("[name=title_0]").fill(f"Stops on the way {uuid4().hex[:6]}")
    page.locator("[name=title_1]").fill("रास्ते के ठहराव")
    press("Save")
    press("+ Several questions at once")
    page.locator("#text").fill(questionnaire())
    press("Read the text into the rows below")
    press("Add these questions")

    assert pressed == 4
    expect(page.get_by_text("60 questions were added.")).to_be_visible()
    expect(page.get_by_text("English: 60 of 60 complete")).to_be_visible()
    expect(page.get_by_text("Hindi: 60 of 60 complete")).to_be_visible()
    expect(page.get_by_role("navigation", name="Sections").get_by_role("link")).to_have_count(6)
    before = questions(page)
    assert len(before) == 60

    place = page.locator(".builder-section li").nth(59).locator("[name=place]")
    place.fill("2")
    place.press("Enter")
    expect(page.locator(".builder-section li").nth(1)).to_contain_text(before[59])
    page.locator(".builder-section li").nth(1).get_by_role("button", name="Down").press("Enter")
    expect(page.locator(".builder-section li").nth(2)).to_contain_text(before[59])
    expect(page.locator(".builder-section li").nth(2).get_by_role("button", name="Down")).to_be_focused()
    page.keyboard.press("Enter")  # the same button, without looking for it
    expect(page.locator(".builder-section li").nth(3)).to_contain_text(before[59])
    assert questions(page) == [before[0], before[1], before[2], before[59], *before[3:59]]
