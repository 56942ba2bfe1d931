"""Fixtures of every test: the cast."""

from hypothesis import settings

from tests.cast import *  # noqa: F403 - fixtures are found by name

# How long one example takes says nothing on a busy machine.
settings.register_profile("portal", deadline=None)
settings.load_profile("portal")
