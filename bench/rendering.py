"""Ways to make the HTML of a page of comments, side by side: the same rows, the same bytes.

Django's templates, Jinja2 (`pip install jinja2`; left out where it is missing), strings joined as the portal does, and
whole fragments kept for each comment. Run by `python3 portal bench rendering`, with a database of bench/seed.py.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from types import SimpleNamespace

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mygov.settings")
django.setup()

from django.contrib.auth.models import AnonymousUser  # noqa: E402 - after setup
from django.template import Context, Engine  # noqa: E402
from django.utils.translation import activate, ngettext  # noqa: E402

from commons.activities.models import Activity  # noqa: E402
from commons.comments import ranking, reading  # noqa: E402
from commons.comments.render import NOTHING, Viewer, article, whole_thread, words_in  # noqa: E402
from commons.core.moments import ist  # noqa: E402
from commons.core.numbers import indian  # noqa: E402

SOURCE = Path(__file__).with_name("templates") / "thread.html"
ROUNDS = 15
Way = Callable[[], str]


def main() -> None:
    activate("en")
    activity = Activity.objects.get(slug="five-hundred")
    thread = reading.thread(activity, ranking.order_named("newest"))
    request = SimpleNamespace(user=AnonymousUser())
    viewer = Viewer(request, back=activity.get_absolute_url(), can_write=True, can_vote=True)  # type: ignore[arg-type]
    found = ways(thread, viewer)
    pages = {name: re.sub(r">\s+<", "><", way()).strip() for name, way in found.items()}
    expected = pages["strings joined"]
    print(
        f"\none page of {expected.count('<article')} comments, {len(expected.encode()) / 1000:.1f} KB, by one process:"
    )
    for name, (least, middle) in measured(found).items():
        same = (
            "the same bytes" if pages[name] == expected else "OTHER BYTES: bring bench/templates/thread.html up to date"
        )
        print(f"  {name:28} {middle:8,.0f} µs, at best {least:8,.0f} µs   {same}")


def ways(thread: reading.Thread, viewer: Viewer) -> dict[str, Way]:
    words = words_in("en")
    threads = []
    for root in thread.roots:
        rest = root.reply_count - len(thread.replies.get(root.id, []))
        more = ngettext("%(n)s more reply", "%(n)s more replies", rest) % {"n": indian(rest)} if rest else ""
        threads.append((root, thread.replies.get(root.id, []), more))
    context = {"threads": threads, "words": words, "back": viewer.back}
    engine = Engine(builtins=["commons.core.templatetags.portal"])
    template = engine.from_string(SOURCE.read_text())
    found: dict[str, Way] = {"Django's template": lambda: template.render(Context(context))}
    try:
        import jinja2
    except ImportError:
        print("Jinja2 is left out: it is not installed (.venv/bin/pip install jinja2)")
    else:
        environment = jinja2.Environment(autoescape=True)
        environment.filters.update(ist=ist, indian=indian)
        other = environment.from_string(SOURCE.read_text())
        found["Jinja2"] = lambda: other.render(context)
    found["strings joined"] = lambda: whole_thread(thread, viewer, NOTHING)
    kept = {
        row.id: article(row, viewer, NOTHING, words, set(), "\0" if row.root_id is None else "")
        for row in [*thread.roots, *(reply for replies in thread.replies.values() for reply in replies)]
    }

    def fragments() -> str:
        parts = []
        for root, replies, rest in threads:
            before, _mark, after = kept[root.id].partition("\0")
            url = f"{words.comment[0]}{root.id}{words.comment[1]}"
            more = (
                f'<p class="more-replies"><a href="{url}" hx-get="{url}replies/" hx-target="closest .replies"'
                f' hx-swap="innerHTML">{rest}</a></p>'
                if rest
                else ""
            )
            below = "".join(kept[reply.id] for reply in replies)
            parts.append(f'{before}<div class="replies">{below}{more}</div>{after}')
        return "".join(parts)

    found["fragments of each comment"] = fragments
    return found


def measured(found: dict[str, Way]) -> dict[str, tuple[float, float]]:
    """Microseconds of processor time a page, least and median of rounds in which the ways take turns."""
    times: dict[str, list[float]] = {name: [] for name in found}
    for _ in range(ROUNDS):
        for name, way in found.items():
            begun, drawn = time.process_time(), 0
            while (spent := time.process_time() - begun) < 0.05:
                way()
                drawn += 1
            times[name].append(spent / drawn * 1e6)
    return {name: (min(one), median(one)) for name, one in times.items()}


if __name__ == "__main__":
    main()
