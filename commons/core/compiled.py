"""Queries that Django puts into SQL once. Building a query's SQL takes longer than everything else about a small one.

For the few queries that stand on every page. What the query asks stays where it is said, in the QuerySet's methods:

    DISCUSSION = Compiled(lambda: Discussion.objects.for_page().filter(slug=Given("slug", SlugField())))
    DISCUSSION.rows(slug="midday-meals")
"""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from functools import cached_property
from types import SimpleNamespace
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Expression, Field, Model, QuerySet
from django.db.models.query import ModelIterable


class Given(Expression):
    """Stands in a query for a value that comes later, by name."""

    def __init__(self, name: str, output_field: Field[Any, Any]) -> None:
        super().__init__(output_field=output_field)
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        return "%s", [self]


class Compiled[Row: Model]:
    """`build` is called once, when the query is asked for the first time; its values are literals or `Given`."""

    def __init__(self, build: Callable[[], QuerySet[Row]]) -> None:
        self.build = build

    @cached_property
    def statement(self) -> tuple[QuerySet[Row], Any, str, tuple[Any, ...], dict[int, Any]]:
        queryset = self.build()
        compiler = queryset.query.get_compiler(DEFAULT_DB_ALIAS)
        sql, values = compiler.as_sql()
        columns = [column for column, _sql, _alias in compiler.select]
        return queryset, compiler, sql, values, compiler.get_converters(columns)

    def rows(self, **given: Any) -> list[Row]:
        """What the QuerySet would give, with these values for what is `Given`."""
        queryset, compiler, sql, values, converters = self.statement
        values = tuple(given[value.name] if isinstance(value, Given) else value for value in values)
        compiler = copy(compiler)
        compiler.connection = connections[DEFAULT_DB_ALIAS]  # the one of this thread
        compiler.as_sql = lambda *_args, **_options: (sql, values)
        compiler.get_converters = lambda _columns: converters
        asked = SimpleNamespace(
            db=DEFAULT_DB_ALIAS, model=queryset.model, query=SimpleNamespace(get_compiler=lambda using: compiler),
            _fetch_mode=queryset._fetch_mode,  # type: ignore[attr-defined]
            _known_related_objects={},
        )  # fmt: skip
        return list(ModelIterable(asked))  # type: ignore[arg-type]
