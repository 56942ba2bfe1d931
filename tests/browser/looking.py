"""Questions to a page that several tests ask."""

from playwright.sync_api import Page


def sticking_out(page: Page) -> list[str]:
    """What reaches beyond the right edge, when the page can be scrolled sideways; regions made to scroll are none."""
    return page.evaluate("""() => {
      const width = document.documentElement.clientWidth;
      if (document.documentElement.scrollWidth <= width) return [];
      const out = [...document.querySelectorAll('body *')].filter((thing) =>
        thing.getBoundingClientRect().right > width + 1 && !thing.closest('.scrolls') && !thing.closest('.visually-hidden'));
      return out.map((thing) => thing.outerHTML.slice(0, 120));
    }""")
