"""Citizens answer rules that a ministry has published, each at the very item they mean, with and without a script."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Opens, Site
from tests.consultations.test_outline import REAL
from tests.consultations.test_real_rules import SAID


@pytest.mark.real_data
@pytest.mark.skipif(not REAL.exists(), reason="the published rules are not beside the checkout")
@pytest.mark.parametrize(("who", "script"), [("asha", False), ("naya", True), ("lonely", True)])
def test_each_item_is_answered_where_it_stands(site: Site, opens: Opens, who: str, script: bool) -> None:
    page = opens("/consultations/data-rules/", who=who, width=360, height=740, java_script_enabled=script)
    for number, (label, said) in enumerate(SAID):
        page.goto(site.path(f"/consultations/data-rules/clauses/{{rule_{number}}}/"))
        expect(page.locator("main h1")).to_contain_text(label)
        page.locator(f"#respond [name=stance][value={said['stance']}]").check()
        for name in ("exact", "proposed", "body"):
            if name in said:
                page.locator(f"#respond [name={name}]").fill(said[name])
        page.get_by_role("button", name="Send my response").click()
        expect(page.get_by_role("button", name="Change my response")).to_be_visible()

    page.goto(site.path("/consultations/data-rules/responses/"))
    for label, _said in SAID:
        expect(page.locator("main li strong", has_text=label)).to_have_count(1)
