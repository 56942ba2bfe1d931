"""A site of real processes, and a comment that somebody may answer."""

import pytest
from allauth.account.models import EmailAddress
from django.db.models.functions import Now

from commons.activities.models import Activity
from commons.comments import writing
from tests.faults.site import Site


@pytest.fixture
def site(transactional_db, tmp_path):
    """Valkey runs; web and worker are started by the test. All have ended before the database is emptied."""
    place = Site(tmp_path)
    yield place
    place.stop()


@pytest.fixture
def bilals_comment(site, discussion, bilal):
    EmailAddress.objects.create(user=bilal, email=bilal.email, verified=True, primary=True)
    Activity.objects.update(opened_announced_at=Now())  # or the news that it opened would hurry the worker along
    return writing.write(discussion, bilal, "The midday meal came late on most days this month.")
