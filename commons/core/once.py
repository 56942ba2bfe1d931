"""`{% once name=value … %}…{% endonce %}`: drawn once for these values in this language, then kept in the process.

For what is the same for everybody: the frame of a page, a list of filters. Nothing has to be invalidated, because
inside the tag only the given names are known, and they must be plain values: other values are drawn anew. Who is
reading is not known inside, so nothing personal can be kept.
"""

from __future__ import annotations

from typing import Any

from django.template import Context, TemplateSyntaxError
from django.template.base import FilterExpression, Node, NodeList, Parser, Token, token_kwargs
from django.template.loader_tags import BlockNode
from django.utils.translation import get_language

MOST = 500  # drawings a tag keeps; then it begins anew
PLAIN = (str, int, float, bool, type(None))


class Once(Node):
    def __init__(self, nodelist: NodeList, values: dict[str, FilterExpression]) -> None:
        self.nodelist, self.values = nodelist, values
        self.kept: dict[tuple[Any, ...], str] = {}

    def render(self, context: Context) -> str:
        given = [value.resolve(context) for value in self.values.values()]
        language = get_language()
        key = (language, *given)
        drawn = self.kept.get(key)
        if drawn is None:
            if not all(isinstance(value, PLAIN) for value in given):
                raise TypeError(f"once takes plain values only, and got {given!r}")
            known = {"LANGUAGE_CODE": language, **dict(zip(self.values, given, strict=True))}
            drawn = self.nodelist.render(context.new(known))
            if len(self.kept) >= MOST:
                self.kept.clear()
            self.kept[key] = drawn
        return drawn


def once(parser: Parser, token: Token) -> Once:
    """The tag. A block cannot stand inside: it would be filled by the first page and shown on all."""
    words = token.split_contents()[1:]
    values = token_kwargs(words, parser)
    if words:
        raise TemplateSyntaxError(f"once takes name=value only, not {' '.join(words)!r}")
    nodelist = parser.parse(("endonce",))
    parser.delete_first_token()
    if nodelist.get_nodes_by_type(BlockNode):
        raise TemplateSyntaxError("a block cannot stand inside once")
    return Once(nodelist, values)
