"""Places and subjects one can follow."""

import pytest

from commons.directory.models import Region, Sector


@pytest.fixture
def bihar(db) -> Region:
    return Region.objects.create(level="state", lgd_code=10, name="Bihar")


@pytest.fixture
def patna(bihar) -> Region:
    return Region.objects.create(level="district", lgd_code=188, name="Patna", parent=bihar)


@pytest.fixture
def water(db) -> Sector:
    return Sector.objects.create(slug="water", name="Water")
