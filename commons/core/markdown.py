"""Turns what people write into safe HTML, once, when it is written."""

from functools import lru_cache

import nh3
from markdown_it import MarkdownIt

CITIZEN_TAGS = {"p", "br", "strong", "em", "blockquote", "ul", "ol", "li", "a", "code"}
OFFICIAL_TAGS = CITIZEN_TAGS | {"h2", "h3", "h4", "table", "thead", "tbody", "tr", "th", "td", "hr", "pre"}
SCHEMES = ("https://", "http://", "mailto:", "tel:")  # a relative link could be //evil.example
CITIZEN_LINKS = "nofollow ugc noopener"


@lru_cache
def parser(official: bool) -> MarkdownIt:
    markdown = MarkdownIt("commonmark", {"html": False, "linkify": False, "breaks": True})
    markdown.validateLink = lambda url: url.lower().startswith(SCHEMES)  # type: ignore[method-assign]
    if official:
        return markdown.enable("table")
    return markdown.disable(["heading", "lheading", "image", "hr", "fence", "code", "html_block", "reference"])


@lru_cache(maxsize=1000)
def to_html(text: str, *, official: bool = False) -> str:
    """Sanitised HTML of limited Markdown. `official` text may also have headings and tables.

    Only http, https, mailto and tel links survive; no attribute but a link's does, so neither `hx-*`
    nor `data-hx-*` can come through. The same text is made once: officials' pages are drawn from it each time.
    """
    html = parser(official).render(text)
    return nh3.clean(
        html,
        tags=OFFICIAL_TAGS if official else CITIZEN_TAGS,
        attributes={"a": {"href"}},
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel="noopener" if official else CITIZEN_LINKS,
    )
