"""Typed text is sacred: it survives being sent to sign in, an expired session, and a deadline.

Before sign-in it lies in the session; `user_logged_in` moves it to the person's own drafts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode, urlsplit

from django.db import connection, transaction
from django.db.models import BigIntegerField, CharField
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from commons.core.compiled import Compiled, Given
from commons.core.htmx import sent_away
from commons.people.models import Draft

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from commons.people.models import User

SESSION_KEY = "drafts"
MOST_CHARACTERS = 60_000  # the longest form there is: a response to a whole law
DRAFT = Compiled(
    lambda: Draft.objects.filter(person_id=Given("person", BigIntegerField()), key=Given("key", CharField()))
)
MOST_DRAFTS = 10  # in a session; the oldest goes first


def keep(request: HttpRequest, key: str, fields: dict[str, str]) -> None:
    """Keeps what was typed under `key` (at most 100 signs), instead of what was kept there before."""
    key, fields = key[:100], capped(fields)
    if request.user.is_authenticated:
        Draft.objects.update_or_create(person=request.user, key=key, defaults={"fields": fields})
        return
    drafts = {k: v for k, v in request.session.get(SESSION_KEY, {}).items() if k != key}
    newest = [*drafts.items()][-(MOST_DRAFTS - 1) :]
    request.session[SESSION_KEY] = {**dict(newest), key: fields}


@transaction.atomic
def keep_unless_changed(
    person: User, key: str, fields: dict[str, str], seen: str, *, replaced: str = ""
) -> Draft | None:
    """Keeps a person's text, unless another tab or device has kept another one since the draft `seen` marks: then None.

    `replaced` marks the draft that the person has read and wants replaced; that one stays beside as the earlier text.
    """
    fields = capped(fields)
    row, is_new = Draft.objects.get_or_create(person=person, key=key[:100], defaults={"fields": fields})
    if is_new:
        return row
    row = Draft.objects.select_for_update().get(pk=row.pk)
    if row.fields == fields:
        return row
    if not seen_at(row, seen):
        return None
    if replaced and seen_at(row, replaced):
        row.earlier = row.fields
    row.fields = fields
    row.save()
    return row


@transaction.atomic
def keep_beside(person: User, key: str, fields: dict[str, str]) -> None:
    """Keeps a person's text that comes from a page which has not seen the draft: that one stays as the earlier text."""
    fields = capped(fields)
    row, is_new = Draft.objects.get_or_create(person=person, key=key[:100], defaults={"fields": fields})
    if not is_new:
        row = Draft.objects.select_for_update().get(pk=row.pk)
        if row.fields != fields:
            row.earlier, row.fields = row.fields, fields
            row.save()


def mark_of(row: Draft) -> str:
    """Names one state of a draft: whoever holds it knows whether somebody has changed it since. Empty: it is not kept."""
    return row.updated_at.isoformat() if row.pk else ""


def seen_at(row: Draft, mark: str) -> bool:
    return mark_of(row) == mark


def own(request: HttpRequest, key: str) -> Draft:
    """One's draft under `key`; empty when there is none. Does not touch a session that does not exist."""
    if not request.user.is_authenticated:
        return Draft(key=key, fields=request.session.get(SESSION_KEY, {}).get(key[:100], {}))
    found = DRAFT.rows(person=request.user.pk, key=key[:100])
    return found[0] if found else Draft(key=key)


def kept(request: HttpRequest, key: str) -> dict[str, str]:
    """What was typed under `key`; empty when nothing was."""
    return own(request, key).fields


def forget(request: HttpRequest, key: str) -> None:
    """Once it is sent, it is no draft any more."""
    if request.user.is_authenticated:
        # By itself: Django's delete would build SQL and look for rows that hang on it, for each vote that is cast.
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM people_draft WHERE person_id = %s AND key = %s", [request.user.pk, key[:100]])
    elif key in (waiting := request.session.get(SESSION_KEY, {})):
        request.session[SESSION_KEY] = {k: fields for k, fields in waiting.items() if k != key}


def keep_and_sign_in(request: HttpRequest, key: str, fields: dict[str, str], next_url: str) -> HttpResponse:
    """Keeps the text, and sends the person to sign in and from there back to `next_url`."""
    keep(request, key, fields)
    return to_sign_in(request, next_url)


def to_sign_in(request: HttpRequest, next_url: str) -> HttpResponse:
    return sent_away(request, f"{reverse('account_login')}?{urlencode({'next': own_path(request, next_url)})}")


def own_path(request: HttpRequest, url: str) -> str:
    """The address if it is one of ours, else the home page: nobody is led away by a link."""
    allowed = {request.get_host()}
    if not url_has_allowed_host_and_scheme(url, allowed_hosts=allowed, require_https=request.is_secure()):
        return "/"
    parts = urlsplit(url)
    path = "/" + parts.path.lstrip("/\\")  # http://ours//evil.example is ours, //evil.example is not
    return path + (f"?{parts.query}" if parts.query else "") + (f"#{parts.fragment}" if parts.fragment else "")


def move_to_person(request: HttpRequest, person: User) -> None:
    """Called at sign-in: what was typed before belongs to the person now. Another draft that was there stays beside it."""
    for key, fields in request.session.pop(SESSION_KEY, {}).items():
        keep_beside(person, key, fields)


def capped(fields: dict[str, str]) -> dict[str, str]:
    room = MOST_CHARACTERS
    kept_fields: dict[str, str] = {}
    for name, value in list(fields.items())[:20]:
        kept_fields[name[:40]] = value[:room]
        room = max(room - len(value), 0)
    return kept_fields
