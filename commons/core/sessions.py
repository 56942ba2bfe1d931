"""Sessions in the database, as Django keeps them; asked for on every request of whoever is signed in."""

from __future__ import annotations

from typing import Any

from django.contrib.sessions.backends import db
from django.db.models import CharField, DateTimeField
from django.utils import timezone

from commons.core.compiled import Compiled, Given


class SessionStore(db.SessionStore):
    def load(self) -> dict[str, Any]:
        for session in ALIVE.rows(key=self.session_key, now=timezone.now()):
            return self.decode(session.session_data)
        self._session_key = None
        return {}


ALIVE = Compiled(
    lambda: SessionStore.get_model_class().objects.filter(
        session_key=Given("key", CharField()), expire_date__gt=Given("now", DateTimeField())
    )
)
