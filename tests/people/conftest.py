"""Every test here begins with unused limits, and may open further browsers."""

from collections.abc import Callable

import pytest
from django.core.cache import cache
from django.test import Client


@pytest.fixture(autouse=True)
def unused_limits():
    cache.clear()


@pytest.fixture
def client_of() -> Callable[[], Client]:
    return Client
