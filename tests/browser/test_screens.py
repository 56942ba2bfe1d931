"""What a cheap phone shows first, and what magnifying, other colours, paper and other directions do."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Opens
from tests.browser.looking import sticking_out

PHONE = {"width": 360, "height": 640}


def bottom(page: Page, selector: str) -> float:
    box = page.locator(selector).first.bounding_box()
    assert box is not None
    return box["y"] + box["height"]


@pytest.mark.parametrize("language", ["en", "hi"])
@pytest.mark.parametrize("who", ["", "asha"])
@pytest.mark.parametrize("width", [320, 360])
def test_the_header_leaves_the_screen_to_the_page(width: int, who: str, language: str, opens: Opens) -> None:
    page = opens("/", who=who, width=width, height=640, language=language)
    assert bottom(page, "header") <= 120


@pytest.mark.parametrize("language", ["en", "hi"])
@pytest.mark.parametrize("who", ["", "asha"])
def test_a_phone_shows_what_who_until_when_and_the_promise_at_once(who: str, language: str, opens: Opens) -> None:
    page = opens("/discussions/midday-meals/", who=who, language=language, **PHONE)
    free = page.locator(".act-bar").bounding_box()
    assert free is not None
    for answer in ("h1", ".crumbs", ".meta .chip", ".promise"):
        assert bottom(page, answer) <= free["y"], answer
    assert free["y"] + free["height"] <= 640


def test_the_act_stays_under_the_thumb_until_it_is_on_the_screen(opens: Opens) -> None:
    page = opens("/discussions/midday-meals/", who="asha", **PHONE)
    bar = page.locator(".act-bar a")
    page.locator("#about").scroll_into_view_if_needed()
    expect(bar).to_be_in_viewport()
    bar.click()
    expect(page.locator("#comment textarea")).to_be_in_viewport()
    expect(bar).to_be_hidden()


@pytest.mark.parametrize("path", ["/", "/discussions/midday-meals/", "/ideas/new/", "/profile/"])
def test_at_400_percent_everything_fits_and_nothing_covers_what_has_the_focus(path: str, opens: Opens) -> None:
    page = opens(path, who="asha", width=320, height=256)  # 1280 by 1024, magnified four times
    assert sticking_out(page) == []
    covered = []
    for _ in range(60):
        page.keyboard.press("Tab")
        seen = page.evaluate("""() => {
          const thing = document.activeElement, box = thing.getBoundingClientRect();
          if (thing === document.body) return 'end';
          const x = Math.min(Math.max(box.left + box.width / 2, 1), innerWidth - 2);
          const spots = [box.top + 2, (Math.max(box.top, 0) + Math.min(box.bottom, innerHeight)) / 2, box.bottom - 2];
          const shown = spots.some((y) => y >= 0 && y < innerHeight && (thing.contains(document.elementFromPoint(x, y)) ||
            document.elementFromPoint(x, y)?.contains(thing) || thing.labels?.[0]?.contains(document.elementFromPoint(x, y))));
          return shown ? '' : thing.outerHTML.slice(0, 100);
        }""")
        if seen == "end":
            break
        covered += [seen] if seen else []
    assert covered == []


@pytest.mark.parametrize(
    "path", ["/", "/activities/", "/discussions/midday-meals/", "/discussions/start-at-ten/", "/profile/"]
)
@pytest.mark.parametrize("width", [320, 1280])
def test_from_right_to_left_nothing_breaks(width: int, path: str, opens: Opens) -> None:
    page = opens(path, who="asha", width=width)
    page.evaluate("document.documentElement.dir = 'rtl'")
    off = page.evaluate("""() => {
      const width = document.documentElement.clientWidth;
      return [...document.querySelectorAll('header *, main *, footer *')].filter((thing) => {
        const box = thing.getBoundingClientRect();
        return box.width && (box.left < -1 || box.right > width + 1) && !thing.closest('.scrolls, .visually-hidden, .wide, details:not([open])');
      }).map((thing) => thing.outerHTML.slice(0, 100));
    }""")
    assert off == []
    first = page.locator(".brand").bounding_box()
    assert first is not None
    assert first["x"] > width / 2  # the page begins at the right


def test_chosen_text_size_contrast_and_colours_stay(opens: Opens) -> None:
    page = opens("/", width=320)
    small = page.evaluate("getComputedStyle(document.querySelector('main p')).fontSize")
    page.locator(".strip summary").click()
    for tool in ("size:larger", "contrast:more", "theme:dark"):
        page.locator(f"[data-tool='{tool}']").click()
    page.goto(page.url + "groups/")
    assert page.evaluate("({ ...document.documentElement.dataset })") == {
        "size": "larger",
        "contrast": "more",
        "theme": "dark",
    }
    assert float(page.evaluate("getComputedStyle(document.querySelector('main p')).fontSize")[:-2]) > float(small[:-2])
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(0, 0, 0)"
    assert sticking_out(page) == []
    page.locator(".strip summary").click()
    expect(page.locator("[data-tool='theme:dark']")).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("Escape")
    expect(page.locator(".strip .panel")).to_be_hidden()
    expect(page.locator(".strip summary")).to_be_focused()


def test_in_forced_colours_a_chosen_vote_can_be_told_from_others(opens: Opens) -> None:
    page = opens("/discussions/midday-meals/?order=best", who="bilal", forced_colors="active")
    chosen, other = (
        page.locator(".vote[aria-pressed=true]").first,
        page.locator("button.vote[aria-pressed=false]").first,
    )
    paint = "thing => getComputedStyle(thing).backgroundColor"
    assert chosen.evaluate(paint) != other.evaluate(paint)


def test_on_paper_only_the_content_is_left(opens: Opens) -> None:
    page = opens("/discussions/school-bags/")
    page.emulate_media(media="print")
    for part in (".strip", ".nav", "footer.foot", ".acts", "form"):
        assert page.locator(part).locator("visible=true").count() == 0, part
    expect(page.locator("h1")).to_be_visible()
    expect(page.locator(".outcome").first).to_be_visible()
