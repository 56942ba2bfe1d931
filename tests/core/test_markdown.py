"""What comes out of citizens' Markdown is safe; what officials write may have more form, not more power."""

import pytest

from commons.core.markdown import to_html


@pytest.mark.parametrize(
    ("typed", "html"),
    [
        ("**bold** and *soft*", "<p><strong>bold</strong> and <em>soft</em></p>\n"),
        ("one\ntwo", "<p>one<br>\ntwo</p>\n"),
        ("# no heading", "<p># no heading</p>\n"),
        ("<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>\n"),
        ("[a](javascript:alert(1))", "<p>[a](javascript:alert(1))</p>\n"),
        (
            "![x](https://example.org/x.png)",
            '<p>!<a href="https://example.org/x.png" rel="nofollow ugc noopener">x</a></p>\n',
        ),
        (
            "[site](https://example.org)",
            '<p><a href="https://example.org" rel="nofollow ugc noopener">site</a></p>\n',
        ),
        ("- एक\n- दो", "<ul>\n<li>एक</li>\n<li>दो</li>\n</ul>\n"),
    ],
)
def test_citizens(typed, html):
    assert to_html(typed) == html


def test_officials_have_headings_and_tables():
    assert to_html("## Plan\n\n| a | b |\n|---|---|\n| 1 | 2 |", official=True).count("<td>") == 2


@pytest.mark.parametrize(
    "typed",
    [
        '<a hx-get="/x">x</a>',
        '<p data-hx-on="x">',
        "[x](//evil.example)",
        "[x](data:text/html;base64,AAAA)",
        "[x](&Tab;javascript:alert(1))",
        "<svg/onload=alert(1)>",
    ],
)
@pytest.mark.parametrize("official", [False, True])
def test_nothing_executable_comes_through(typed, official):
    html = to_html(typed, official=official)

    for live in ("<svg", "<a hx", "<p data", 'href="javascript', 'href="data', 'href="//'):
        assert live not in html
