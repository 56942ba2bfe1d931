"""A value as JSON keeps it: what audit entries and change logs store."""

from datetime import date
from typing import Any

from django.db.models import Model, QuerySet


def plain(value: Any) -> Any:
    """A field's value as JSON: a text in all its languages, a moment in ISO form, a row as its number and name."""
    if isinstance(value, date):  # a datetime is a date too
        return value.isoformat()
    if isinstance(value, Model):
        return f"{value.pk} {value}"
    if isinstance(value, QuerySet | list | tuple):
        return [plain(one) for one in value]
    data = getattr(value, "data", value)
    return data if isinstance(data, dict | str | int | bool) or data is None else str(data)
