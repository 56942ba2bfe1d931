"""What changed between two texts, word by word, as safe HTML with `<del>` and `<ins>`."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from functools import lru_cache

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

TOKEN = re.compile(r"\s+|[^\W_]+(?:[\u0900-\u097f]+)?|[\w\u0900-\u097f]+|.", re.S)
MOST_WORDS = 6000  # beyond that the whole text is shown as replaced: comparing grows with the square


@lru_cache(maxsize=500)
def redline(before: str, after: str) -> SafeString:
    """The later text, with what went and what came marked. Equal texts come back without a mark."""
    old, new = TOKEN.findall(before), TOKEN.findall(after)
    if len(old) + len(new) > MOST_WORDS:
        parts = [went(before), came(after)] if before != after else [str(escape(after))]
    else:
        parts = []
        for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
            if kind == "equal":
                parts.append(str(escape("".join(new[c:d]))))
            else:
                parts += [went("".join(old[a:b])), came("".join(new[c:d]))]
    return mark_safe("".join(parts).replace("\n", "<br>"))  # noqa: S308 - every part is escaped above


def went(text: str) -> str:
    return f"<del>{escape(text)}</del>" if text else ""


def came(text: str) -> str:
    return f"<ins>{escape(text)}</ins>" if text else ""
