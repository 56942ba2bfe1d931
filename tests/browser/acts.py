"""What people do on a page before they are in a state of it."""

from __future__ import annotations

from collections.abc import Callable
from random import randrange
from uuid import uuid4

from playwright.sync_api import Page

Act = Callable[[Page], None]


def presses(words: str) -> Act:
    """Presses the first thing in the page's content that fits the selector, and waits for what comes of it."""

    def act(page: Page) -> None:
        page.locator(f"main {words}").first.click()
        page.wait_for_load_state("networkidle")

    return act


def sends(**typed: str) -> Act:
    """Fills fields by name and sends their form, whatever the browser thinks of it."""

    def act(page: Page) -> None:
        form = page.locator("main form", has=page.locator(f"[name={next(iter(typed))}]")).last
        form.evaluate("form => { form.noValidate = true; }")
        for name, text in typed.items():
            form.locator(f"[name={name}]").first.fill(text)
        form.locator("button").first.click()
        page.wait_for_load_state("networkidle")

    return act


def saves_beside_another_tab(page: Page) -> None:
    """Another tab of the same person has saved its draft first."""
    other = page.context.new_page()
    other.goto(page.url)
    other.locator("[name=body]").fill(f"Written in the other tab. {uuid4()}")
    other.locator("button[formaction]").click()
    other.wait_for_load_state("networkidle")
    other.close()
    page.locator("[name=body]").fill(f"Written here. {uuid4()}")
    presses("button[formaction]")(page)


def unfolds(summary: str) -> Act:
    def act(page: Page) -> None:
        page.locator(summary).first.click()

    return act


def tries_a_rule(page: Page) -> None:
    """What it would have done to past texts if a word that many use were a listed one."""
    presses("#result_list th a:has-text('Listed words')")(page)
    page.locator("textarea[name=words]").fill("school\nfood\nthe")
    presses("button[formaction]")(page)


def forges_the_token(page: Page) -> None:
    page.locator("#comment textarea").fill("What I typed")
    page.evaluate("document.querySelector('#comment form').removeAttribute('hx-post')")
    page.evaluate("htmx.process(document.body)")
    page.evaluate(
        "() => { const form = document.querySelector('#comment form').cloneNode(true); form.removeAttribute('hx-post');"
        " form.querySelector('[name=csrfmiddlewaretoken]').value = 'x'.repeat(64);"
        " form.querySelector('textarea').value = 'What I typed'; document.querySelector('main').append(form); form.submit(); }"
    )
    page.wait_for_url("**/comments/of/**")


def reports(page: Page) -> None:
    """Whoever has reported it in the other language's round finds no form any more, but what became of it."""
    if not page.locator("main [name=reason]").count():
        return
    page.locator("main [name=reason]").first.check()
    presses(".report-form button")(page)


def votes(page: Page) -> None:
    """Whoever has voted in the other language's round changes that vote."""
    for summary in page.locator(".change summary").all():
        summary.click()
    sends(o1="3", o2="5")(page)


def keeps_an_answer(page: Page) -> None:
    page.locator("[name=a-q_single]").first.check()
    page.locator("#slot-q_single .saved .icon").wait_for()


def answers_wrongly(page: Page) -> None:
    page.locator("[name=a-q_number]").fill("many")
    page.locator("main button[value=on]").click()
    page.locator(".error-summary").wait_for()


def keeps_a_copy(page: Page) -> None:
    """Opens the one file that needs no network, as it is, instead of keeping it."""
    text = page.context.request.get(f"{page.url.rstrip('/')}/offline/").text()
    page.route("**/copy.html", lambda route: route.fulfill(body=text, content_type="text/html; charset=utf-8"))
    page.goto(f"{page.url}copy.html")


def similar(page: Page) -> None:
    page.locator("#comment textarea").press_sequentially("Eggs twice a week in our school")
    page.locator(".similar li").first.wait_for()


def similar_idea(page: Page) -> None:
    page.locator("[name=title]").press_sequentially("A library bus for villages")
    page.locator(".similar li").first.wait_for()


def forgets(page: Page) -> None:
    sends(**{page.locator("main form input:visible").first.get_attribute("name") or "": "bilal@example.org"})(page)


def signs_up(page: Page) -> None:
    sends(contact=f"{uuid4().hex}@example.org", display_name="Somebody new")(page)


def no_quiet(page: Page) -> None:
    for name in ("quiet_from", "quiet_until"):
        page.locator(f"[name={name}]").select_option("7")
    presses("form[method=post] .button")(page)


def new_number(page: Page) -> None:
    sends(phone=f"98{randrange(10**8):08}")(page)


def ticks_nothing(page: Page) -> None:
    unfolds(".bulk summary")(page)
    page.locator("#bulk [name=what]").first.check()
    presses("#bulk .buttons button")(page)


def takes_over_silently(page: Page) -> None:
    page.locator(".decide details summary").last.click()
    sends(words="  ")(page)
