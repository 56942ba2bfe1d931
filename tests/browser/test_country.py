"""The whole way: an institution asks, somebody else approves, citizens speak, a moderator decides, and what became of
it reaches everybody who spoke. Each in a browser of their own, with the worker running."""

from __future__ import annotations

import time
from datetime import date, timedelta
from uuid import uuid4

from playwright.sync_api import Page, expect

from tests.browser.conftest import Opens, Site
from tests.browser.test_journeys import REFERENCE, said, signs_in

PATIENCE = 45  # seconds for the worker; it looks every 15 for what the queue lost


def fills(page: Page, **typed: str) -> None:
    for name, text in typed.items():
        page.locator(f"main [name={name}]").fill(text)


def saw(page: Page, words: str) -> None:
    """Reloads until the worker has told."""
    until = time.monotonic() + PATIENCE
    while words not in page.get_by_role("main").inner_text() and time.monotonic() < until:
        page.wait_for_timeout(1000)
        page.reload()
    expect(page.get_by_role("main")).to_contain_text(words)


def comments(page: Page, text: str) -> None:
    page.locator("#comment textarea").fill(text)
    page.locator("#comment").get_by_role("button", name="Comment", exact=True).click()
    expect(page.get_by_role("article").filter(has_text=text)).to_be_visible()


def test_what_a_citizen_says_is_asked_for_approved_moderated_answered_and_comes_back_to_her(
    site: Site, opens: Opens
) -> None:
    site.work()
    title = f"Bicycle stands at schools {uuid4().hex[:6]}"
    day = date.today() + timedelta(days=40)

    # meera writes in both languages, and submits
    meera = opens("/admin/discussions/discussion/add/", who="meera")
    fills(
        meera, title_0=title, title_1=f"विद्यालयों में साइकिल स्टैंड {title[-6:]}", summary_0="Where do you leave your bicycle?",
        summary_1="आप साइकिल कहाँ रखते हैं?", promise_0="We build where most is asked for.", promise_1="जहाँ सबसे अधिक माँग हो, वहाँ बनाएँगे।",
        closes_at_0=f"{day}", promise_by_0=f"{day + timedelta(days=30)}",
    )  # fmt: skip
    meera.locator("[name=institution]").select_option(label="Ministry of Education")
    meera.get_by_role("button", name="Save and submit for review").click()
    meera.get_by_role("button", name="Submit for review").click()
    expect(meera.locator("body")).to_contain_text("The approvers of the institution have been told.")

    # arjun finds it on his first page, reads it, and approves
    arjun = opens("/admin/", who="arjun")
    arjun.get_by_role("link", name=title).first.click()
    expect(arjun.get_by_role("main")).to_contain_text("जहाँ सबसे अधिक माँग हो")
    arjun.get_by_role("button", name="Approve and publish").click()
    expect(arjun.locator("body")).to_contain_text("Approved.")

    # asha finds it, writes, signs in, and sends
    asha = opens(f"/activities/?q={title[-6:]}", width=360, height=640)
    asha.get_by_role("link", name=title).click()
    page = asha.url
    hers = f"Under the neem tree, and it is stolen. {title[-6:]}"
    asha.get_by_label("Your comment").fill(hers)
    asha.get_by_role("button", name="Continue to sign in").click()
    signs_in(asha, "asha")
    asha.locator("#comment").get_by_role("button", name="Comment", exact=True).click()
    reference = REFERENCE.search(said(asha))
    assert reference is not None

    # kiran says something that has no place there; bilal reports it
    rude = f"Whoever steals bicycles comes from that village. {title[-6:]}"
    kiran = opens(who="kiran")
    kiran.goto(page)
    comments(kiran, rude)
    bilal = opens(who="bilal")
    bilal.goto(f"{page}?order=newest")
    bilal.get_by_role("article").filter(has_text=rude).get_by_role("link", name="Report").click()
    bilal.get_by_label("Offence or hate").check()
    bilal.locator(".report-form").get_by_role("button").click()
    expect(bilal.locator("#conversation").get_by_text("A moderator will look at it")).to_be_visible()

    # the moderator hides it, with words
    mod = opens("/moderation/", who="mod")
    mod.get_by_role("link", name=title[-6:]).click()
    form = mod.locator(".decide form", has=mod.locator("button[value=hide]"))
    form.locator("[name=words]").fill("This accuses a whole village.")
    form.get_by_label("Offence or hate").check()
    form.locator("button[value=hide]").click()
    expect(mod.locator(".notice.success").first).to_contain_text("Hidden")
    asha.goto(f"{page}?order=newest")
    expect(asha.get_by_role("article").filter(has_text=hers)).to_be_visible()
    expect(asha.get_by_text(rude)).to_have_count(0)
    kiran.goto(f"{page}?order=newest")
    expect(kiran.get_by_text("This accuses a whole village.")).to_be_visible()

    # meera answers for the ministry, and writes the outcome; arjun publishes it
    meera.goto(f"{page}?order=newest")
    meera.get_by_label("Answer as Ministry of Education").check()
    comments(meera, f"We have heard of the thefts. {title[-6:]}")
    expect(meera.get_by_text("Official answer").first).to_be_visible()
    meera.goto(f"{site.address}/admin/discussions/discussion/?q={title[-6:]}")
    meera.get_by_role("main").get_by_role("link", name=title).first.click()
    meera.get_by_role("link", name="Write the outcome").click()
    headline = f"Four thousand stands with locks {title[-6:]}"
    fills(meera, headline_0=headline, headline_1="चार हज़ार ताले वाले स्टैंड", body_0="In a year.", body_1="एक वर्ष में।")
    meera.locator("[name=_save], [name=_continue]").first.click()
    arjun.goto(f"{site.address}/admin/activities/outcome/?q={title[-6:]}")
    arjun.get_by_role("main").get_by_role("link", name=headline).first.click()
    arjun.get_by_role("main").get_by_role("link", name="Publish").first.click()
    arjun.get_by_role("main").get_by_role("button", name="Publish").first.click()

    # meera says what became of asha's comment
    meera.goto(f"{site.address}/admin/activities/contribution/?q={reference[0]}")
    meera.get_by_role("main").get_by_role("link", name=reference[0]).first.click()
    meera.get_by_role("link", name="Say what became of it").click()
    meera.locator("main [name=standing]").select_option("adopted")
    meera.locator("main [name=words]").fill("Locks come with every stand.")
    meera.locator("main .submit-row button, main .submit-row input").first.click()

    # asha sees the outcome, the answer, and is told of both
    asha.goto(page)
    expect(asha.locator(".outcome").first).to_contain_text(headline)
    asha.goto(f"{site.address}/impact/mine/")
    mine = asha.locator(f'[id="{reference[0]}"]')
    expect(mine).to_contain_text("Adopted")
    expect(mine).to_contain_text("Locks come with every stand.")
    asha.goto(f"{site.address}/notifications/")
    saw(asha, "The outcome is published.")
    expect(asha.get_by_role("listitem").filter(has_text=title).filter(has_text="Adopted")).to_have_count(1)
    asha.goto(f"{site.address}/track/?reference={reference[0]}")
    expect(asha.get_by_role("main")).to_contain_text("Adopted")
