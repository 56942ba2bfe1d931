"""Takes the README's pictures of a running demo: `.venv/bin/python docs/pictures/take.py [http://localhost:8000]`.

Needs chromium. Run it again whenever the look or the demo changes, and commit what it wrote beside itself.
"""

from __future__ import annotations

import io
import os
import shutil
import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

HERE = Path(__file__).resolve().parent
PHONE, DESK = {"width": 360, "height": 720}, {"width": 1280, "height": 800}
MOST = 120 * 1024  # bytes
PASSWORD = "mygov-demo"  # noqa: S105 - the demo's


def opened(browser: Browser, address: str, who: str = "", **viewport: int) -> Page:
    """A page, signed in when `who` is somebody. Phones have two dots a pixel."""
    context = browser.new_context(viewport=viewport, device_scale_factor=2 if viewport == PHONE else 1)  # type: ignore[arg-type]
    page = context.new_page()
    if who:
        page.goto(f"{address}/accounts/login/")
        page.fill("[name=login]", f"{who}@example.org")
        page.fill("[name=password]", PASSWORD)
        page.press("[name=password]", "Enter")
        page.wait_for_url(lambda url: "/accounts/" not in url)
    return page


def keep(page: Page, name: str) -> None:
    """Writes the picture with as few colours as keep it below the limit. Raises SystemExit when none do."""
    picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    for colours in (256, 64, 32):
        file = HERE / f"{name}.png"
        picture.quantize(colours, dither=Image.Dither.NONE).save(file, optimize=True)
        if file.stat().st_size <= MOST:
            print(f"{name}.png: {file.stat().st_size // 1024} KB")  # noqa: T201
            return
    sys.exit(f"{name}.png is too large")


def main(address: str) -> None:
    arguments = ["--disable-gpu", *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=arguments)
        for language, prefix in (("en", ""), ("hi", "/hi")):
            page = opened(browser, address, **PHONE)
            page.goto(f"{address}{prefix}/")
            keep(page, f"home-{language}")
            page.goto(f"{address}{prefix}/discussions/?order=active&phase=open")
            page.goto(page.locator(".card h3 a").first.evaluate("link => link.href"))
            keep(page, f"discussion-{language}")
        page = opened(browser, address, "asha", **PHONE)
        page.goto(f"{address}/impact/mine/")
        keep(page, "my-impact")
        page = opened(browser, address, "arjun", **DESK)
        page.goto(f"{address}/admin/")
        keep(page, "admin")
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "http://localhost:8000")
