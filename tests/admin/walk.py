"""Goes through every door of the admin as one person, and says what was seen there.

Doors are read from the site's own addresses and models, so that a new page is walked without anybody adding it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import Any

from django.apps import apps
from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.db import connection, models, transaction
from django.test import Client
from django.urls import URLPattern, URLResolver

from tests.admin.conftest import Secrets
from tests.admin.forms import fields_of

UNKNOWN = "987654321"
ELSE = {"name": "answers.csv", "language": "en"}
VARIANTS = ["?_popup=1", "?_to_field=id", "?_to_field=slug", "?_to_field=code", "?_changelist_filters=q%3Dx"]
TYPED = {  # what some page or other asks for
    "reason": "law", "note": "x", "words": "x", "standing": "adopted", "answering": "1", "post": "yes", "when": "now",
    "seen": "0", "closes_at_0": "2998-01-01", "closes_at_1": "10:00", "_save": "1", "_continue": "1",
}  # fmt: skip


def doors(patterns: Any = None, before: str = "/admin/") -> Iterator[str]:
    """Every address of the admin, with its placeholders."""
    for pattern in admin.site.get_urls() if patterns is None else patterns:
        here = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from doors(pattern.url_patterns, here)
        elif isinstance(pattern, URLPattern):
            yield here


class Walk:
    """One person's way through the admin. `seen` are all answers: what was asked, the body and where it sends, and what was sent."""

    def __init__(self, person: Client, secrets: Secrets, helper: Client) -> None:
        """`helper` is signed in as a platform administrator: it shows what a form would send."""
        self.person, self.secrets, self.helper = person, secrets, helper
        self.forms: dict[str, dict[str, Any]] = {}
        self.seen: list[tuple[str, str, str]] = []
        self.odd: list[str] = []

    # -- asking -----------------------------------------------------------------------------------
    def note(self, what: str, response: Any, sent: str = "") -> Any:
        if response.status_code >= 500:
            self.odd.append(f"{what} answered {response.status_code}")
        body = b"".join(response.streaming_content) if response.streaming else response.content
        self.seen.append((what, body.decode(errors="replace") + response.get("Location", ""), sent))
        return response

    def get(self, url: str) -> Any:
        return self.note(f"GET {url}", self.person.get(url))

    def post(self, url: str, data: dict[str, Any]) -> Any:
        return self.note(f"POST {url}", self.person.post(url, data), str(data))

    def leaks(self) -> list[str]:
        """Where one of the words stood that this person may not read. A form that gives back what was typed tells nothing."""
        words = self.secrets.words
        return sorted(
            {f"{w} at {where}" for where, text, sent in self.seen for w in words if w in text and w not in sent}
        )

    # -- where to go ---------------------------------------------------------------------------------
    def rows(self, model: type[models.Model]) -> list[models.Model]:
        found = self.secrets.rows.get(model)
        assert found, f"{model._meta.label} is in the admin: give tests/admin/conftest.py a row of it"
        return found

    def enter(self) -> Walk:
        """Every page."""
        for route in doors():
            for url in self.filled(route):
                self.get(url)
        return self

    def read(self) -> Walk:
        """Every page, every list in every order and through every filter, every choice."""
        self.enter()
        for model in admin.site._registry:
            base = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
            self.rows(model)
            for url in [f"{base}?q=CANARY", f"{base}?all=", *self.filters(base)]:
                self.get(url)
            self.autocomplete(model)
            for field in [*model._meta.fields, *model._meta.many_to_many]:
                for other in self.secrets.rows.get(field.related_model, [])[:1]:  # type: ignore[arg-type]
                    self.get(f"{base}?{field.name}__id__exact={other.pk}")
                    self.get(f"{base}add/?{field.name}={other.pk}")
        return self

    def filled(self, route: str) -> Iterator[str]:
        """The route's addresses, with the numbers of rows this person may not know."""
        if "content_type_id" in route:
            for model, rows in self.secrets.rows.items():
                yield f"/admin/r/{ContentType.objects.get_for_model(model).pk}/{rows[0].pk}/"
        elif "app_label" in route:
            yield from {f"/admin/{model._meta.app_label}/" for model in admin.site._registry}
        elif "object_id" in route:
            for row in self.rows(model_at(route)):
                yield self.address(route, row)
            first = self.address(route, self.rows(model_at(route))[0])
            if first.endswith(("/change/", "/delete/")):
                yield from (first + variant for variant in VARIANTS)
        elif "(?P" not in route and not route.startswith(("/admin/logout", "/admin/autocomplete")):
            yield route

    def address(self, route: str, row: models.Model) -> str:
        """The route for this row; what else stands in it is filled with the kept row of that name, or with what fits."""
        by_name = {model._meta.model_name: rows[0].pk for model, rows in self.secrets.rows.items()}
        url = re.sub(r"<[^>]*object_id>", str(row.pk), route)
        return re.sub(r"<(?:\w+:)?(\w+)>", lambda part: str(by_name.get(part[1], ELSE.get(part[1], 1))), url)

    def filters(self, base: str) -> set[str]:
        """The links of the list as an administrator sees it: every filter, sorting and page there is."""
        text = self.helper.get(base).content.decode()
        return {base + unescape(link) for link in re.findall(r'href="(\?[^"]*)"', text)}

    def autocomplete(self, model: type[models.Model]) -> None:
        meta = model._meta
        for field in meta.get_fields():
            if field.is_relation and field.concrete and field.related_model:
                for term in ("", "CANARY"):
                    query = (
                        f"app_label={meta.app_label}&model_name={meta.model_name}&field_name={field.name}&term={term}"
                    )
                    self.get(f"/admin/autocomplete/?{query}")

    # -- and what to try there -----------------------------------------------------------------------
    def write(self) -> Walk:
        """Sends every form of education's rows, from their own pages and into the add page, and every action."""
        for route in doors():
            if "object_id" not in route or "content_type_id" in route:
                continue
            for row in self.rows(model_at(route)):
                url = self.address(route, row)
                self.post(url, {**self.form(url), **TYPED})
                if row is self.rows(model_at(route))[0]:
                    self.post(f"{url}?_to_field=id&_popup=1", {**self.form(url), **TYPED, "_popup": "1"})
        for model, page in admin.site._registry.items():
            base = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
            self.add(model, base)
            ticked = [str(row.pk) for row in self.rows(model)]
            for action in [*(getattr(one, "__name__", one) for one in page.actions or ()), "delete_selected"]:
                for index in ({}, {"index": "0", "select_across": "1"}):
                    self.post(base, {**TYPED, "action": action, "_selected_action": ticked, **index})
        return self

    def form(self, url: str) -> dict[str, Any]:
        """What the page would send, if this person were shown it."""
        if url not in self.forms:
            with transaction.atomic():  # what the helper looks at leaves no trace in the audit
                response = self.helper.get(url)
                transaction.set_rollback(True)
            is_page = response.status_code == 200 and response["Content-Type"].startswith("text/html")
            self.forms[url] = fields_of(response) if is_page else {}
        return self.forms[url]

    def add(self, model: type[models.Model], base: str) -> None:
        """Education's rows once more, as they are, and moved under the person's own institution."""
        for row in self.rows(model):
            sent = {**self.form(f"{base}{row.pk}/change/"), "slug": f"stolen-{row.pk}", "_save": "1"}
            self.post(f"{base}add/", sent)
            self.post(f"{base}{row.pk}/change/", sent)
            own = self.own_institution(base) if "institution" in sent else ""
            if own:
                for name in self.foreign_keys(model) - {"institution"}:
                    for other in self.secrets.rows.get(model._meta.get_field(name).related_model, []):  # type: ignore[arg-type]
                        self.post(f"{base}add/", {**sent, "institution": own, name: str(other.pk)})

    def own_institution(self, base: str) -> str:
        response = self.person.get(f"{base}add/")
        return fields_of(response).get("institution", "") if response.status_code == 200 else ""

    def foreign_keys(self, model: type[models.Model]) -> set[str]:
        """Those that lead to what belongs to an institution."""
        from commons.directory.scoped_admin import InstitutionScopedAdmin

        found = set()
        for field in [*model._meta.fields, *model._meta.many_to_many]:
            page = admin.site._registry.get(field.related_model) if field.is_relation else None  # type: ignore[arg-type]
            if isinstance(page, InstitutionScopedAdmin) and page.institution_path is not None and field.editable:
                found.add(field.name)
        return found


def model_at(route: str) -> type[models.Model]:
    app_label, model_name = route.split("/")[2:4]
    return apps.get_model(app_label, model_name)


def everything_stored() -> dict[str, str]:
    """A fingerprint of every table but the sessions and the moment somebody last signed in."""
    found = {}
    with connection.cursor() as cursor:
        for table in sorted(connection.introspection.table_names(cursor)):
            if table != "django_session":
                row = "to_jsonb(t) - 'last_login'"
                cursor.execute(f"SELECT md5(string_agg(({row})::text, '|' ORDER BY ({row})::text)) FROM \"{table}\" t")  # noqa: S608
                found[table] = cursor.fetchone()[0]
    return found
