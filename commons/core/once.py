"""`{% once name=value … %}…{% endonce %}`: drawn once for these values in this language, then kept in the process.

For what is the same for everybody: the frame of a page, a list of filters. Inside the tag only the given names are
known, and they must be plain values: for other values it is drawn anew, so nothing has to be invalidated. Who is
reading is not known inside, so nothing personal can be kept. What comes from the database (through a tag that stands
inside) says how long it is kept: `{% once seconds=60 %}`.
"""

from __future__ import annotations

import time
from typing import Any

from django.conf import settings
from django.template import Context, TemplateSyntaxError
from django.template.base import FilterExpression, Node, NodeList, Parser, Token, token_kwargs
from django.template.loader_tags import BlockNode
from django.utils.translation import get_language

MOST = 500  # drawings a tag keeps; then it begins anew
PLAIN = (str, int, float, bool, type(None))


class Once(Node):
    def __init__(self, nodelist: NodeList, values: dict[str, FilterExpression], seconds: int | None) -> None:
        self.nodelist, self.values, self.seconds = nodelist, values, seconds
        self.kept: dict[tuple[Any, ...], tuple[str, float]] = {}  # what was drawn, and until when it is good

    def render(self, context: Context) -> str:
        given = [value.resolve(context) for value in self.values.values()]
        language = get_language()
        key = (language, *given)
        drawn, until = self.kept.get(key, ("", 0.0))
        if time.monotonic() >= until:
            if not all(isinstance(value, PLAIN) for value in given):
                raise TypeError(f"once takes plain values only, and got {given!r}")
            known = {"LANGUAGE_CODE": language, **dict(zip(self.values, given, strict=True))}
            drawn = self.nodelist.render(context.new(known))
            if len(self.kept) >= MOST:
                self.kept.clear()
            self.kept[key] = drawn, self.good_until()
        return drawn

    def good_until(self) -> float:
        if self.seconds is None:
            return float("inf")
        return time.monotonic() + self.seconds * settings.KEEPS_PUBLIC_PARTS


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
