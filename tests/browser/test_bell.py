"""The number at the bell keeps itself right: one conditional request a minute, none after a failure."""

from __future__ import annotations

from playwright.sync_api import Browser, Page, Response, Route, expect

from tests.browser.conftest import Opens, Site, signed_in

MINUTE = 61_000  # milliseconds


def asked_after_a_minute(page: Page) -> Response:
    with page.expect_response("**/notifications/unread/") as asked:
        page.clock.run_for(MINUTE)
    return asked.value


def test_the_bell_asks_each_minute_and_shows_what_changed(opens: Opens) -> None:
    page = opens(who="asha")
    page.clock.install()
    page.goto("/notifications/")
    bell = page.locator("[data-unread]")
    before = bell.inner_text()

    assert asked_after_a_minute(page).status == 200
    assert asked_after_a_minute(page).status == 304
    assert bell.inner_text() == before
    page.get_by_role("button", name="Mark as read").first.click()
    expect(bell).not_to_have_text(before)


def test_after_a_failure_it_asks_no_more(site: Site, chromium: Browser) -> None:
    context = chromium.new_context(storage_state=signed_in(site, "asha"), base_url=site.address)
    page = context.new_page()
    page.clock.install()
    page.goto("/notifications/")
    asked: list[str] = []

    def out_of_reach(route: Route) -> None:
        asked.append(route.request.url)
        route.fulfill(status=503, body="")

    page.route("**/notifications/unread/", out_of_reach)
    for _minute in range(3):
        page.clock.run_for(MINUTE)
        page.wait_for_timeout(200)
    context.close()
    assert len(asked) == 1
