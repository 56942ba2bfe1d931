"""`{% once name=value … %}…{% endonce %}`: drawn once for these values in this language, then kept in the process.

For what is the same for everybody who reads it: the frame of a page, what an institution asks, a list of filters.
Inside the tag only the given names are known, and who is reading is not among them, so nothing personal can be kept.
Nothing has to be invalidated either: for other values it is drawn anew. A row counts as the values of its columns,
and of the rows that were loaded with it (`select_related`); inside, look at no relation that was not.

What tags inside the block ask the database for says how long it is kept: `{% once seconds=60 %}`.
"""

from __future__ import annotations

import time
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db.models import Model
from django.template import Context, TemplateSyntaxError
from django.template.base import FilterExpression, Node, NodeList, Parser, Token, token_kwargs
from django.template.loader_tags import BlockNode
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from i18nfield.strings import LazyI18nString

MOST = 500  # drawings a tag keeps; then it begins anew


class Once(Node):
    child_nodelists = ()  # no block stands inside: whoever looks for blocks on each request can pass by

    def __init__(self, nodelist: NodeList, values: dict[str, FilterExpression], seconds: int | None) -> None:
        self.nodelist, self.values, self.seconds = nodelist, values, seconds
        self.kept: dict[tuple[Any, ...], tuple[str, float]] = {}  # what was drawn, and until when it is good

    def render(self, context: Context) -> str:
        given = {name: value.resolve(context) for name, value in self.values.items()}
        language = get_language()
        key = (language, *map(plain, given.values()))
        drawn, until = self.kept.get(key, ("", 0.0))
        if time.monotonic() >= until:
            drawn = self.nodelist.render(context.new({"LANGUAGE_CODE": language, **given}))
            if len(self.kept) >= MOST:
                self.kept.clear()
            self.kept[key] = drawn, self.good_until()
        return drawn

    def good_until(self) -> float:
        if self.seconds is None:
            return float("inf")
        return time.monotonic() + self.seconds * settings.KEEPS_PUBLIC_PARTS


PLAIN = frozenset({str, int, float, bool, type(None), datetime, date, SafeString})


def plain(value: Any, above: tuple[Any, ...] = ()) -> Any:
    """What tells one value from another. Raises TypeError for what might change without looking different.

    `above` are the rows on the way here: two rows may know each other, as an outcome and its activity do.
    """
    if value.__class__ in PLAIN or isinstance(value, str):
        return value
    if isinstance(value, LazyI18nString):
        return str(value.data)
    if isinstance(value, Model):
        if any(value is row for row in above):
            return value.__class__, value.pk
        above = *above, value
        return value.__class__, *[
            known if known.__class__ in PLAIN else column(name, known, above) for name, known in value.__dict__.items()
        ]
    if isinstance(value, list | tuple):
        return tuple(plain(one, above) for one in value)
    raise TypeError(f"once takes plain values and rows, and got {value!r}")


def column(name: str, value: Any, above: tuple[Any, ...]) -> Any:
    """What a row knows besides plain values: texts in many languages, JSON, and in `_state` the rows loaded with it."""
    if name == "_state":
        return tuple((relation, plain(row, above)) for relation, row in value.fields_cache.items())
    return repr(value) if isinstance(value, dict) else plain(value, above)


def once(parser: Parser, token: Token) -> Once:
    """The tag. A block cannot stand inside: it would be filled by the first page and shown on all."""
    words = token.split_contents()[1:]
    values = token_kwargs(words, parser)
    seconds = values.pop("seconds", None)
    if words:
        raise TemplateSyntaxError(f"once takes name=value only, not {' '.join(words)!r}")
    nodelist = parser.parse(("endonce",))
    parser.delete_first_token()
    if nodelist.get_nodes_by_type(BlockNode):
        raise TemplateSyntaxError("a block cannot stand inside once")
    return Once(nodelist, values, int(seconds.token) if seconds else None)
