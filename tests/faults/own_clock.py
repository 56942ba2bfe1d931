"""The portal with the usual mistake, for the control: each process judges the close by its own clock, here a wrong one."""

from typing import Any

from django.utils import timezone

from mygov.wsgi import application
from polls import voting
from tests.faults import wrong_clock

__all__ = ["application", "wrong_clock"]

written = voting.written


def judged_here(given: dict[str, Any], **more: Any) -> tuple[Any, ...] | None:
    return written({**given, "here": timezone.now()}, **more)


voting.OF_A_PERSON = voting.OF_A_PERSON.replace("clock_timestamp()", "%(here)s::timestamptz")
voting.written = judged_here
