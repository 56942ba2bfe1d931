"""What the first view of a page weighs on a slow network: its HTML, its style and its scripts, as they are sent."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.utils import translation

from commons.comments import writing

MOST = 50 * 1024  # bytes, compressed


def packed(body: bytes) -> int:
    return len(gzip.compress(body, 6))


def content(name: str) -> bytes:
    found = finders.find(name)
    assert found is not None
    return Path(found).read_bytes()


@pytest.mark.parametrize("who", ["nobody", "asha"])
def test_the_first_view_weighs_less_than_fifty_kilobytes(who, client, asha, mod, dev, make_discussion) -> None:
    for n in range(30):
        make_discussion(f"another-question-{n}")
    busy = make_discussion("midday-meals")
    text = "यह बात हमारे गाँव के विद्यालय की है, जहाँ भोजन समय पर नहीं मिलता। " * 8
    with translation.override("hi"):
        for n in range(25):
            root = writing.write(busy, mod, f"{n} {text}"[:900])
            for m in range(2):
                writing.write(busy, dev, f"{n}.{m} {text}"[:900], parent=root)
    if who == "asha":
        client.force_login(asha)
    heavy = {}
    for path in ("/", "/activities/", "/discussions/midday-meals/", "/hi/discussions/midday-meals/"):
        page = client.get(path).content
        parts = re.findall(r'<(?:link rel="stylesheet" href|script src)="/static/([^"]+)"', page.decode())
        assert sorted(parts) == ["django_htmx/htmx-2.min.js", "portal.css", "portal.js"]
        weights = {path: packed(page)} | {part: packed(content(part)) for part in parts}
        if sum(weights.values()) >= MOST:
            heavy[path] = weights
    assert heavy == {}


def test_the_style_stays_below_thirty_kilobytes_before_it_is_packed() -> None:
    assert len(content("portal.css")) < 30 * 1024


def test_the_picture_for_social_networks_is_small_and_every_page_names_it(client, discussion) -> None:
    assert len(content("card.png")) <= 60 * 1024
    page = client.get("/discussions/midday-meals/").content.decode()
    tags = dict(re.findall(r'<meta property="og:(\w+)" content="([^"]*)">', page))
    assert tags["image"] == "http://testserver/static/card.png"
    assert tags["title"] == "About midday-meals"
    assert tags["description"] == "Tell us what works."
    assert tags["url"] == "http://testserver/discussions/midday-meals/"
