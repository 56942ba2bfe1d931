"""Pages of whoever is not signed in are the same for all of them, byte for byte, and say so; all others are private."""

import json
from base64 import urlsafe_b64encode
from collections.abc import Iterator

import pytest
from django.db.models import Value
from django.db.models.functions import Coalesce
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils.translation import override

from commons.activities.listing import NEVER, ORDERS, plain_page
from commons.activities.models import Activity
from commons.comments.models import Comment
from commons.core.caching import CacheHeaders
from discussions.models import Idea

# Every page that is the same for all. One that is no longer, or a new one, has to be named here.
PUBLIC = {
    "activities:changes", "activities:list", "comments:detail", "comments:reply", "comments:thread", "comments:versions",
    "consultations:changes", "consultations:clause", "consultations:compliance", "consultations:detail", "consultations:list", "consultations:offline", "consultations:questions", "consultations:submissions",
    "directory:institution", "directory:institutions", "discussions:detail", "discussions:forum", "discussions:idea",
    "discussions:list", "groups:detail", "groups:list", "home", "impact:board", "impact:track", "pages:accessibility",
    "pages:offline", "pages:page", "people:public", "polls:ballot", "polls:detail", "polls:embed", "polls:list", "polls:results",
    "surveys:detail", "surveys:list", "surveys:results", "sitemap", "transparency:file", "transparency:page",
}  # fmt: skip
ALSO = [
    "/activities/?phase=open&order=active",
    "/comments/of/midday-meals/?order=best",
    "/impact/?institution=education",
]

ONE = {"headers": {"user-agent": "Mozilla/5.0 (Android 14)", "accept-language": "hi-IN,hi;q=0.9"}}
OTHER = {
    "headers": {
        "user-agent": "curl/8", "accept-language": "en-GB", "accept": "*/*", "referer": "http://testserver/groups/",
        "x-forwarded-for": "203.0.113.9", "dnt": "1", "cookie": "theme=dark; csrftoken=" + "a" * 32,
    },
    "REMOTE_ADDR": "198.51.100.7",
}  # fmt: skip


def named(resolver: URLResolver | None = None, spaces: tuple[str, ...] = ()) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Every name in the portal's addresses (the admin and signing in apart), with the arguments it takes."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            if pattern.namespace != "admin" and not str(pattern.pattern).startswith("accounts/"):
                yield from named(pattern, (*spaces, pattern.namespace) if pattern.namespace else spaces)
        elif isinstance(pattern, URLPattern) and pattern.name:
            yield ":".join([*spaces, pattern.name]), tuple(pattern.pattern.converters)


@pytest.fixture
def addresses(grow, group, discussion, law, survey) -> dict[str, str]:
    """One address of every page there is."""
    grow(3)
    comment, idea = Comment.objects.filter(anchor="").earliest("pk"), Idea.objects.earliest("pk")

    def arguments(name: str) -> list[object]:
        if name.startswith("comments:") and "slug" not in takes[name]:
            return [comment.pk]
        if name in {"follows:end", "follows:region"}:
            return [1]
        if name == "polls:picture":
            return ["poll-single", 1]
        if name.startswith("surveys:") and takes[name]:
            each = {"slug": survey.slug, "section": "part-1", "name": "how", "token": "none", "pk": 1}
            return [each[taken] for taken in takes[name]]
        if name.startswith("consultations:") and takes[name]:
            also = {"pk": [law.clauses.earliest("pk").pk], "format": ["csv"]}
            return [law.slug, *also.get(takes[name][-1], [])]
        return [{
            "groups": group.slug, "follows": group.slug, "directory": "education", "pages": "about",
            "polls": "poll-single", "people": comment.author_id, "moderation": comment.pk,
        }.get(name.partition(":")[0], idea.pk if "pk" in takes[name] else discussion.slug)]  # fmt: skip

    takes = dict(named())
    with override("en"):  # whatever language the test before has left
        return {name: reverse(name, args=arguments(name) if takes[name] else []) for name in takes}


def shared(response) -> bool:
    return response.headers.get("Cache-Control", "").startswith("public")


def test_exactly_the_named_pages_are_shared(addresses):
    found = set()
    for name, url in addresses.items():
        if not name.startswith("moderation:") and name not in {"demo:outbox", "demo:components"}:
            response = Client().get(url)
            assert response.status_code < 500, name
            if shared(response):
                found.add(name)
            elif "text/html" in response.headers.get("Content-Type", ""):
                assert response.headers["Cache-Control"] == CacheHeaders.private, name
    assert found == PUBLIC


@pytest.mark.parametrize("language", ["", "/hi"])
def test_two_visitors_get_the_same_bytes(addresses, language):
    for url in [*(addresses[name] for name in sorted(PUBLIC)), *ALSO]:
        first, second = Client().get(language + url, **ONE), Client().get(language + url, **OTHER)
        assert first.status_code == 200, url
        assert first.content == second.content, url
        assert first.headers == second.headers, url
        assert first.headers["Cache-Control"] == CacheHeaders.public, url
        assert not first.cookies, url
        assert not second.cookies, url
        assert b"csrf" not in first.content.lower(), url


def test_the_language_of_a_page_is_in_its_address(addresses):
    for name in sorted(PUBLIC - {"pages:offline", "transparency:file"}):  # kept in the browser, speaks both; no HTML
        english, hindi = Client().get(addresses[name], **ONE), Client().get("/hi" + addresses[name], **OTHER)
        assert b'<html lang="en"' in english.content, name
        assert b'<html lang="hi"' in hindi.content, name


def test_whoever_is_signed_in_gets_pages_of_their_own(addresses, asha):
    reader = Client()
    reader.force_login(asha)
    for name in sorted(PUBLIC):
        response = reader.get(addresses[name])
        assert response.status_code == 200, name
        assert response.headers["Cache-Control"] == CacheHeaders.private, name


def test_a_session_without_a_person_is_private_too(addresses):
    """Somebody who typed before signing in has a session: a shared answer must not be made from it."""
    visitor = Client()
    visitor.post(
        "/drafts/", {"draft_key": "idea", "title": "Mine", "next": "/"}, headers={"sec-fetch-site": "same-origin"}
    )
    response = visitor.get("/")
    assert visitor.cookies
    assert response.headers["Cache-Control"] == CacheHeaders.private


@pytest.mark.parametrize("order", ["closing", "newest", "active"])
def test_a_list_goes_on_where_it_stopped(client, grow, monkeypatch, order):
    """Page by page by what is compiled: every activity once, in the order of the whole list."""
    monkeypatch.setattr("commons.activities.listing.SIZE", 4)
    plain_page.cache_clear()
    grow(3)
    url, seen = f"/activities/?order={order}", []
    while url:
        page = client.get(url).context["page"]
        seen += [row.pk for row in page.rows]
        url = f"/activities/?order={order}&after={page.next}" if page.next else ""
    plain_page.cache_clear()
    names = ORDERS[order]
    expected = Activity.objects.published().annotate(closes_sort=Coalesce("closes_at", Value(NEVER))).order_by(*names)
    assert seen == [row.pk for row in expected]


@pytest.mark.parametrize(
    "values",
    [["a", 1], [1, 1], [{"at": "2026-01-01T00:00:00+00:00"}, "x"], [None, None], [1.5, 2], [True, 1], [1, 2**64]],
)
def test_a_made_up_cursor_is_not_found(client, db, values):
    cursor = urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")
    for order in ORDERS:
        response = client.get(f"/activities/?order={order}&after={cursor}")
        assert response.status_code == 404 or (order == "active" and values == [1, 1])
