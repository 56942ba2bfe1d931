"""The limits: what Django, PostgreSQL and this machine do at best for the same work. No middleware, no templates.

`/bytes/<name>` sends kept bytes. `/page/<id>` and `/list` are one keyset query with strings joined: the same comments
and about the same markup as a discussion's page, the same activities as a list. `/thread/<id>` is the least of it:
twenty roots and no replies. `/vote` inserts a vote and counts it.
"""

from __future__ import annotations

import json
import os
from datetime import datetime
from pathlib import Path

from django.conf import settings

if not settings.configured:
    from mygov import env

    database = env.database(env.text("DATABASE_URL"))
    settings.configure(
        DEBUG=False, ALLOWED_HOSTS=["127.0.0.1"], ROOT_URLCONF="bench.limits", MIDDLEWARE=[], USE_TZ=True,
        SECRET_KEY="for the limits only", LOGGING_CONFIG=None,  # noqa: S106 - guards nothing
        DATABASES={"default": {**database, "ENGINE": "django.db.backends.postgresql", "CONN_MAX_AGE": 60}},
    )  # fmt: skip

from django.core.wsgi import get_wsgi_application
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.html import escape

KEPT = Path(os.environ.get("BENCH_BYTES", "."))

THREAD = """
  SELECT c.id, c.author_id, u.display_name, c.body_html, c.created_at, c.up, c.down, c.reply_count
  FROM comments_comment c LEFT JOIN people_user u ON u.id = c.author_id
  WHERE c.activity_id = %s AND c.anchor = '' AND c.parent_id IS NULL AND c.id < %s ORDER BY c.id DESC LIMIT 20
"""
PAGE = """
  WITH roots AS MATERIALIZED (
    SELECT c.* FROM comments_comment c
    WHERE c.activity_id = %s AND c.anchor = '' AND c.parent_id IS NULL AND c.id < %s ORDER BY c.id DESC LIMIT 20
  ), shown AS (
    SELECT r.id AS root, 0 AS place, r.* FROM roots r
    UNION ALL
    SELECT r.id, 1, reply.* FROM roots r CROSS JOIN LATERAL (
      SELECT k.* FROM comments_comment k WHERE k.root_id = r.id AND k.state = 'visible' ORDER BY k.id LIMIT 2) reply
  )
  SELECT c.id, c.author_id, u.display_name, c.body_html, c.created_at, c.up, c.down, c.reply_count, c.language, c.place
  FROM shown c LEFT JOIN people_user u ON u.id = c.author_id ORDER BY c.root DESC, c.place, c.id
"""
LIST = """
  SELECT a.id, a.slug, a.title, a.summary, a.participant_count, a.closes_at, i.name
  FROM activities_activity a JOIN directory_institution i ON i.id = a.institution_id
  WHERE a.state = 'published' AND (a.opens_at, a.id) < (now(), %s) ORDER BY a.opens_at DESC, a.id DESC LIMIT 24
"""
VOTE = """
  INSERT INTO comments_commentvote (comment_id, person_id, value) VALUES (%s, %s, 1)
  ON CONFLICT (comment_id, person_id) DO UPDATE SET value = excluded.value
"""
COUNT = "UPDATE comments_comment SET up = up + 1 WHERE id = %s RETURNING up"


def livez(request: HttpRequest) -> HttpResponse:
    return HttpResponse("alive")


def kept(request: HttpRequest, name: str) -> HttpResponse:
    return HttpResponse((KEPT / name).read_bytes())


def thread(request: HttpRequest, activity: int) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute(THREAD, [activity, 2**62])
        parts = [
            f'<article id="c{pk}"><a href="/people/{author}/">{escape(name)}</a> <time>{at:%d %b %Y, %H:%M}</time>'
            f"<div>{html}</div><footer>▲ {up} ▼ {down} · {replies}</footer></article>"
            for pk, author, name, html, at, up, down, replies in cursor.fetchall()
        ]
    return HttpResponse(page("".join(parts)))


def whole_page(request: HttpRequest, activity: int) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute(PAGE, [activity, 2**62])
        parts = [article(*row) for row in cursor.fetchall()]
    return HttpResponse(page("".join(parts)))


def article(
    pk: int, author: int, name: str, html: str, at: datetime, up: int, down: int, replies: int, language: str, place: int
) -> str:  # fmt: skip
    """About as many bytes as the portal's own."""
    name, url, to = escape(name), f"/comments/{pk}/", f"/accounts/login/?next=/discussions/five-hundred/%23c{pk}"
    more = f'<p class="more-replies"><a href="{url}" hx-get="{url}replies/" hx-target="#r{pk}" hx-swap="innerHTML">{replies - 2} more reply</a></p>'
    return (
        f'<article class="comment depth-{place}" id="c{pk}"><header><a class="who" href="/people/{author}/">{name}</a>'
        f' <span class="facts"><a class="when" href="{url}#c{pk}">{at:%d %b %Y, %H:%M} IST</a></span></header>'
        f'<div class="said" lang="{language}">{html}</div><footer><div class="votes">'
        f'<a class="vote up" href="{to}" aria-label="Support what {name} said: {up}">▲ {up}</a>'
        f'<a class="vote down" href="{to}" aria-label="Oppose what {name} said: {down}">▼ {down}</a></div>'
        f'<nav class="acts"><a href="{url}reply/" hx-get="{url}reply/" hx-target="#reply-{pk}">Reply</a>'
        f' <a href="/moderation/comments/{pk}/report/">Report</a></nav><div id="reply-{pk}"></div></footer>'
        f'<div class="replies" id="r{pk}"></div>{more if replies > 2 else ""}</article>'
    )


def activity_list(request: HttpRequest) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute(LIST, [2**62])
        parts = [
            f'<li><h3><a href="/discussions/{slug}/">{escape(json.loads(title)["en"])}</a></h3>'
            f"<p>{escape(json.loads(summary)['en'])}</p><p>{people} · {closes:%d %b %Y} · {escape(json.loads(by)['en'])}"
            "</p></li>"
            for _pk, slug, title, summary, people, closes, by in cursor.fetchall()
        ]
    return HttpResponse(page("".join(parts)))


def page(inside: str) -> str:
    return f'<!doctype html><html lang="en"><head><title>MyGov</title></head><body><main>{inside}</main></body></html>'


def vote(request: HttpRequest) -> HttpResponse:
    comment, person = int(request.POST["comment"]), int(request.POST["person"])
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(VOTE, [comment, person])
        cursor.execute(COUNT, [comment])
        counted = cursor.fetchone()[0]
    return HttpResponse(str(counted))


urlpatterns = [
    path("livez", livez),
    path("bytes/<str:name>", kept),
    path("thread/<int:activity>", thread),
    path("page/<int:activity>", whole_page),
    path("list", activity_list),
    path("vote", vote),
]
application = get_wsgi_application()
