"""Fixtures of every test: the cast, and a language to begin in."""

import pytest
from django.utils import translation
from hypothesis import settings

from tests.cast import *  # noqa: F403 - fixtures are found by name

# How long one example takes says nothing on a busy machine.
settings.register_profile("portal", deadline=None)
settings.load_profile("portal")


@pytest.fixture(autouse=True)
def english():
    """A request in Hindi leaves Hindi behind in the thread it ran in; the next test must not begin there."""
    translation.activate("en")
