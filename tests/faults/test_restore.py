"""A back-up brought back, with PostgreSQL's own tools: the rows are there, and nothing is sent a second time."""

import json
import subprocess
import sys
from urllib.parse import quote

import pytest
from django.db import connection

from commons.comments import voting, writing
from mygov.launch.postgres import binary
from mygov.notifications import delivering, telling
from tests.faults.site import HERE, Site

pytestmark = [pytest.mark.launch, pytest.mark.xdist_group("faults")]
COUNT = """
import json
from django.apps import apps
print(json.dumps({m._meta.label: m.objects.count() for m in apps.get_models() if m._meta.managed}))
"""
SEND = "from mygov.notifications import delivering, telling; telling.expand(); print(delivering.send_due())"


class Restored:
    """The back-up in a database of its own, beside the one it was made of."""

    def __init__(self, site: Site, dump: str) -> None:
        at = connection.settings_dict
        self.name = f"{at['NAME']}_restored"
        self.place = ["-h", at["HOST"], "-U", at["USER"]]
        subprocess.run([binary("dropdb"), *self.place, "--if-exists", self.name], check=True)
        subprocess.run([binary("createdb"), *self.place, self.name], check=True)
        subprocess.run([binary("pg_restore"), *self.place, "--exit-on-error", "-d", self.name, dump], check=True)
        url = f"postgresql://{at['USER']}@/{self.name}?host={quote(at['HOST'], safe='')}"
        self.env = {**site.env, "DATABASE_URL": url}

    def manage(self, *arguments: str) -> str:
        line = [sys.executable, "manage.py", *arguments]
        return subprocess.run(line, cwd=HERE, env=self.env, capture_output=True, text=True, check=True).stdout.strip()

    def drop(self) -> None:
        subprocess.run([binary("dropdb"), *self.place, self.name], check=True)


@pytest.fixture
def restored(site, bilals_comment, asha, mailoutbox, tmp_path):
    """Dumped when one answer was told and one was not yet; both mails went out after the dump."""
    voting.vote(bilals_comment.pk, asha.pk, 1)
    writing.write(bilals_comment.activity, asha, "Here it came on time.", parent=bilals_comment)
    telling.expand()
    writing.write(bilals_comment.activity, asha, "And on Friday there was none.", parent=bilals_comment)
    dump = str(tmp_path / "dump")
    at = connection.settings_dict
    subprocess.run([binary("pg_dump"), "-h", at["HOST"], "-U", at["USER"], "-Fc", "-f", dump, at["NAME"]], check=True)
    before = Restored(site, dump)
    telling.expand()
    delivering.send_due()
    assert len(mailoutbox) == 2
    yield before
    before.drop()


def test_every_row_is_back(restored):
    from django.apps import apps

    counts = json.loads(restored.manage("shell", "-v0", "-c", COUNT))
    later = {"notifications.Notification": 1, "notifications.Delivery": 1, "notifications.Tally": 1}
    assert {label: count + later.get(label, 0) for label, count in counts.items()} == {
        model._meta.label: model.objects.count() for model in apps.get_models() if model._meta.managed
    }


def test_dropped_mails_are_not_sent_again_and_the_portal_tells_all_the_same(restored):
    assert restored.manage("after_restore").splitlines()[0] == "1 events nobody was told about, 1 mails that wait"

    assert restored.manage("after_restore", "--drop").splitlines()[-1] == "2 mails dropped"

    assert restored.manage("shell", "-v0", "-c", SEND) == "0"
    counts = json.loads(restored.manage("shell", "-v0", "-c", COUNT))
    assert (counts["demo.OutboxMessage"], counts["notifications.Notification"]) == (0, 2)


def test_without_that_both_would_go_out_a_second_time(restored):
    """The negative control."""
    assert restored.manage("shell", "-v0", "-c", SEND) == "2"
