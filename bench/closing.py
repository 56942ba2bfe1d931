"""Votes around the close of a poll, from several web processes at once, one of which has a clock that is wrong.

`python -m bench.closing PLAN` is one of the processes: the whole portal (sessions, tokens off, middleware, views) in one
Python process, sending ballots from some seconds before the close until some seconds after it. For each ballot it notes
the database's time before and after the request, and the answer. `storm` starts them and says what went wrong.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

AHEAD = 90  # seconds by which the clock of one process is wrong


@dataclass
class Plan:
    """What one process does: which sessions vote where, until when, with what clock, and who judges the deadline."""

    database: str
    slug: str
    sessions: list[str]
    until: float  # seconds after the close
    ahead: float = 0.0
    judge: str = "database"
    answers: str = ""  # the file it writes


@dataclass(frozen=True)
class Verdict:
    """`late` were accepted though they began after the close; `early` refused though they were answered before it."""

    requests: int
    accepted: int
    refused: int
    late: int
    early: int
    odd: int  # answers that are neither


def main(plan: Plan) -> None:
    os.environ["DATABASE_URL"] = plan.database
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    import django

    django.setup()
    from django.db import connection
    from django.test import Client

    Client().get(f"/polls/{plan.slug}/")  # what is read and compiled once is not part of the race
    Path(f"{plan.answers}.ready").touch()
    wait_for([Path(plan.answers).with_name("go")])
    closes = read(connection, "SELECT closes_at FROM activities_activity WHERE slug = %s", [plan.slug])
    if plan.ahead:
        import time_machine

        time_machine.travel(time.time() + plan.ahead, tick=True).start()
    if plan.judge == "python":
        judge_by_python()
    send(plan, connection, closes)


def wait_for(files: list[Path]) -> None:
    """Raises RuntimeError when they are not there after a minute."""
    for _n in range(3000):
        if all(file.exists() for file in files):
            return
        time.sleep(0.02)
    raise RuntimeError(f"{files} did not appear")


def judge_by_python() -> None:
    """The usual mistake, for the control: the web server's own clock decides."""
    from django.utils import timezone

    from polls import voting

    written = voting.written
    voting.OF_A_PERSON = voting.OF_A_PERSON.replace("clock_timestamp()", "%(python_now)s::timestamptz")
    voting.written = lambda given, **more: written({**given, "python_now": timezone.now()}, **more)


def read(connection: Any, statement: str, values: list[Any] | None = None) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchone()[0]


def send(plan: Plan, connection: Any, closes: Any) -> None:
    from django.test import Client

    answers = []
    for session in plan.sessions:
        client = Client()
        client.cookies["sessionid"] = session
        before = read(connection, "SELECT clock_timestamp()")
        if (before - closes).total_seconds() > plan.until:
            break
        status = client.post(f"/polls/{plan.slug}/ballot/", {"choice": "1"}).status_code
        after = read(connection, "SELECT clock_timestamp()")
        answers.append([(before - closes).total_seconds(), (after - closes).total_seconds(), status])
    Path(plan.answers).write_text(json.dumps(answers))


def storm(plans: list[Plan], folder: Path, environment: dict[str, str], begin: Callable[[], object]) -> Verdict:
    """Runs the processes side by side; `begin` sets the close when all are ready. Accepted is a redirect (302), refused a form that says why (422)."""
    children = []
    for number, plan in enumerate(plans):
        plan.answers = str(folder / f"answers-{number}.json")
        (folder / f"plan-{number}.json").write_text(json.dumps(asdict(plan)))
        line = [sys.executable, "-m", "bench.closing", str(folder / f"plan-{number}.json")]
        children.append(subprocess.Popen(line, env=environment))
    wait_for([Path(f"{plan.answers}.ready") for plan in plans])
    begin()
    (folder / "go").touch()
    if any(child.wait(timeout=120) for child in children):
        raise RuntimeError("a process failed")
    answers = [one for plan in plans for one in json.loads(Path(plan.answers).read_text())]
    return Verdict(
        requests=len(answers),
        accepted=sum(status == 302 for _b, _a, status in answers),
        refused=sum(status == 422 for _b, _a, status in answers),
        late=sum(status == 302 and before > 0 for before, _a, status in answers),
        early=sum(status == 422 and after < 0 for _b, after, status in answers),
        odd=sum(status not in {302, 422} for _b, _a, status in answers),
    )


if __name__ == "__main__":
    main(Plan(**json.loads(Path(sys.argv[1]).read_text())))
