"""The portal in a process whose clock is wrong by so many seconds as `WRONG_BY` says: all of Python sees that time."""

import os
import time

import time_machine

from mygov.wsgi import application

__all__ = ["application"]

time_machine.travel(time.time() + float(os.environ["WRONG_BY"]), tick=True).start()
