"""What people come for, walked as they walk it: without JavaScript, with it, with the keyboard alone."""

from __future__ import annotations

import re
from html import unescape
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Opens, Site
from tests.browser.texts import HOSTILE
from tests.cast import PASSWORD

REFERENCE = re.compile(r"[A-Z0-9]{4}-[A-Z0-9]{4}-[A-Z0-9]{3}")


def signs_in(page: Page, who: str) -> None:
    page.get_by_label("E-mail address or mobile number").fill(f"{who}@example.org")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Sign in", exact=True).click()


def said(page: Page) -> str:
    """What the live region says once it says something."""
    expect(page.locator("#live")).not_to_be_empty()
    return page.locator("#live").inner_text()


def test_without_javascript_asha_reads_signs_in_with_her_text_comments_votes_replies_and_follows(opens: Opens) -> None:
    page = opens("/", java_script_enabled=False, **{"width": 360, "height": 640})
    page.get_by_role("link", name="Everything that is open").click()
    page.get_by_role("link", name="What should a midday meal at school be like?").click()
    text = f"Let the children taste first. {uuid4().hex[:6]}"
    page.get_by_label("Your comment").fill(text)
    page.get_by_role("button", name="Continue to sign in").click()
    signs_in(page, "asha")
    expect(page.get_by_label("Your comment")).to_have_value(text)
    page.get_by_role("button", name="Comment", exact=True).click()
    expect(page.get_by_role("status").filter(has_text="Your comment is published.")).to_contain_text(REFERENCE)
    expect(page.get_by_role("article").filter(has_text=text)).to_be_visible()

    page.goto(page.url.partition("/comments/")[0] + "/discussions/midday-meals/?order=best")
    other = page.get_by_role("article").filter(has_text="भोजन गरम मिले").first
    other.get_by_role("button", name="Support what हेमा said").click()
    expect(page.get_by_text("Your vote is recorded.")).to_be_visible()
    other = page.get_by_role("article").filter(has_text="भोजन गरम मिले").first
    expect(other.get_by_role("button", name="your vote")).to_have_attribute("aria-pressed", "true")
    other.get_by_role("link", name="Reply").click()
    page.get_by_role("textbox").fill(f"Ours come late in the rains. {text}")
    page.get_by_role("button", name="Reply").click()
    expect(page.get_by_text("Your comment is published.")).to_be_visible()

    page.goto(page.url.partition("/comments/")[0] + "/groups/libraries/")
    page.get_by_role("button", name="Follow", exact=True).click()
    expect(page.get_by_text("You will hear what happens here.")).to_be_visible()
    expect(page.get_by_role("button", name="Following: stop")).to_be_visible()
    page.get_by_role("button", name="Following: stop").click()
    page.goto(page.url.partition("/groups/")[0] + "/impact/mine/")
    expect(page.get_by_role("main")).to_contain_text(text)


def test_with_javascript_each_change_is_announced_and_keeps_the_focus_near(opens: Opens) -> None:
    page = opens("/discussions/midday-meals/?order=best", who="bilal", width=360, height=640)
    address = page.url
    mine = page.locator("#comment textarea")
    mine.fill("   ")
    page.locator("#comment form").evaluate("form => { form.noValidate = true; }")
    page.locator("#comment button").click()
    expect(page.locator(".error-summary")).to_be_focused()
    page.locator(".error-summary a").click()
    expect(mine).to_be_focused()
    field, error = mine.get_attribute("aria-describedby") or "", page.locator("#comment .error").get_attribute("id")
    assert error in field.split()
    expect(mine).to_have_attribute("aria-invalid", "true")

    text = f"A cook for every hundred children. {uuid4().hex[:6]}"
    mine.fill(text)
    page.locator("#comment button").click()
    expect(page.locator("[data-focus]")).to_be_focused()
    assert REFERENCE.search(said(page))
    expect(page.get_by_role("article").filter(has_text=text)).to_be_visible()

    other = page.get_by_role("article").filter(has_text="भोजन गरम मिले").first
    other.locator("button.vote.down").press("Enter")
    expect(
        page.get_by_role("article").filter(has_text="भोजन गरम मिले").first.locator("button.vote.down")
    ).to_be_focused()
    expect(page.locator("#live")).to_have_text("Your vote is recorded.")
    page.keyboard.press("Enter")
    expect(page.locator("#live")).to_have_text("Your vote is taken back.")

    other.get_by_role("link", name="Reply").press("Enter")
    expect(other.get_by_role("textbox")).to_be_focused()
    page.keyboard.type("We have one for sixty.")
    other.get_by_role("button", name="Reply").press("Enter")
    expect(page.locator("#live")).to_contain_text("Your comment is published.")
    expect(other).to_contain_text("We have one for sixty.")

    page.locator(".more a").last.press("Enter")
    expect(page.locator("#live")).to_have_text("More is shown.")
    assert page.evaluate("document.activeElement.closest('article') !== null")
    assert page.url.partition("#")[0] == address
    assert page.locator("[aria-busy]").count() == 0
    assert (
        page.evaluate(
            "[...document.querySelectorAll('[id]')].map(t => t.id).filter((id, n, all) => all.indexOf(id) !== n)"
        )
        == []
    )


def test_a_part_that_was_just_swapped_in_answers_at_once(opens: Opens) -> None:
    """Pressed before htmx knows it, a button would send its form by itself, and load the page anew."""
    page = opens("/discussions/midday-meals/?order=best", who="bilal", width=360, height=640)
    page.evaluate(
        """() => {
             const body = document.body;
             body.dataset.answered = 0;
             body.addEventListener("htmx:afterRequest", () => { body.dataset.answered = Number(body.dataset.answered) + 1; });
             body.addEventListener("htmx:afterSwap", ({ target }) => {
               setTimeout(() => target.querySelector("button.vote.up").click(), 0);
             }, { once: true });
           }"""
    )
    page.get_by_role("article").filter(has_text="भोजन गरम मिले").first.locator("button.vote.up").press("Enter")
    expect(page.locator("body")).to_have_attribute("data-answered", "2")


@pytest.mark.parametrize(
    ("path", "button", "words"),
    [
        ("/groups/schools/", ".membership button", ("You are a member now.", "You are no longer a member.")),
        (
            "/groups/schools/",
            ".follow button",
            ("You will hear what happens here.", "You will no longer hear about this."),
        ),
        ("/ideas/{opened}/", ".support button", ("You support this idea.", "You no longer support this idea.")),
    ],
)
def test_joining_following_and_supporting_are_announced_and_undone_in_place(
    path: str, button: str, words: tuple[str, str], opens: Opens
) -> None:
    page = opens(path, who="lonely")
    for sentence in words:
        page.locator(button).focus()
        page.keyboard.press("Enter")
        expect(page.locator("#live")).to_have_text(sentence)
        expect(page.locator(button)).to_be_focused()


def test_with_the_keyboard_alone_one_skips_to_the_content_and_comments(opens: Opens) -> None:
    page = opens("/discussions/empty/", who="bilal")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_in_viewport()
    page.keyboard.press("Enter")
    reached = []
    for _ in range(20):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.closest('header') === null"))
        if page.evaluate("document.activeElement.tagName") == "TEXTAREA":
            break
    assert reached
    assert all(reached)
    ring = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert ring == "solid"
    text = f"Kabaddi. {uuid4().hex[:6]}"
    page.keyboard.type(text)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("[data-focus]")).to_be_focused()
    expect(page.get_by_role("article").filter(has_text=text)).to_be_visible()


def test_a_lost_connection_is_said_beside_what_was_pressed_and_the_text_stays(opens: Opens) -> None:
    page = opens("/discussions/empty/", who="bilal")
    page.locator("#comment textarea").fill("Typed on a bus in a tunnel.")
    page.context.set_offline(True)
    page.locator("#comment button").click()
    expect(page.locator(".complaint")).to_contain_text("your text is still here")
    expect(page.locator("#comment textarea")).to_have_value("Typed on a bus in a tunnel.")


def test_without_a_connection_the_next_page_says_so_in_both_languages(opens: Opens) -> None:
    page = opens("/", service_workers="allow")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.reload()
    page.context.set_offline(True)
    page.goto(page.url + "groups/")
    expect(page.get_by_role("heading", name="There is no connection")).to_be_visible()
    expect(page.get_by_role("heading", name="इंटरनेट से संपर्क नहीं है")).to_be_visible()
    expect(page.locator(".brand")).to_have_css("display", "flex")  # with its style


def test_hostile_texts_are_shown_and_nothing_of_them_runs(site: Site, opens: Opens) -> None:
    page = opens("/discussions/midday-meals/?order=newest", who="asha")
    while page.locator(".more a").count():
        button = page.locator(".more a").last.element_handle()
        button.click()
        button.wait_for_element_state("hidden")  # what comes takes its place
    shown = page.locator("#conversation").inner_text()
    assert [text for text in HOSTILE if unescape(text) not in shown] == []  # Markdown reads &#106; as the letter j
    assert page.locator("main script, main img, main svg[onload], main a[href^='javascript']").count() == 0
    assert (
        page.evaluate(
            "[...document.querySelectorAll('main *')].filter(t => [...t.attributes].some(a => a.name.startsWith('on'))).length"
        )
        == 0
    )


def test_the_language_can_be_changed_on_every_page_and_stays_with_the_person(opens: Opens) -> None:
    page = opens("/groups/schools/", who="kiran")
    page.get_by_role("button", name="हिन्दी").click()
    expect(page).to_have_url(re.compile("/hi/groups/schools/$"))
    expect(page.locator("html")).to_have_attribute("lang", "hi")
    page.goto(page.url.replace("/hi/", "/"))
    expect(page).to_have_url(re.compile("/hi/groups/schools/$"))
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")


@pytest.mark.parametrize("script", [True, False])
def test_a_guest_answers_a_survey_goes_back_and_sends_it(opens: Opens, script: bool) -> None:
    page = opens("/surveys/way-to-school/", java_script_enabled=script, **{"width": 320, "height": 640})
    page.get_by_role("main").get_by_role("link", name="Answer the questions").last.click()
    if script:
        page.locator("[name=a-q_single][value=z]").check()
        expect(page.locator("#q-q_multi")).to_have_count(0)
        expect(page.locator("#slot-q_single .saved")).to_contain_text("Saved")
        assert page.evaluate("document.activeElement.value") == "z"  # nothing takes the focus away
        page.locator("[name=a-q_single][value=x]").check()
        expect(page.locator("#q-q_multi")).to_be_visible()
        page.reload()
        expect(page.locator("[name=a-q_single][value=x]")).to_be_checked()
    else:
        page.locator("[name=a-q_single][value=x]").check()
    page.locator("[name=a-q_short]").fill("Under the neem tree")
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_text("Part 2 of 3")).to_be_visible()
    page.go_back()
    expect(page.locator("[name=a-q_short]")).to_have_value("Under the neem tree")
    page.get_by_role("button", name="Continue").click()
    page.locator("[name=a-q_number]").fill("many")
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("alert")).to_contain_text("Write a number in digits")
    expect(page.locator("[name=a-q_number]")).to_have_value("many")
    page.locator("[name=a-q_number]").fill("12")
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="To the last look").click()
    expect(page.get_by_text("Under the neem tree")).to_be_visible()
    page.get_by_role("button", name="Send my answers").click()
    expect(page.get_by_role("heading", name="Your answers are in")).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text(REFERENCE)
