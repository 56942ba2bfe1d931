"""What an app says of itself when it is a kind of activity. Import the module, not the class, in an `apps.py`:
Django takes every AppConfig it finds by name there for one of the app's own."""

from django.apps import AppConfig, apps


class Kind(AppConfig):
    """`kind_name` and `verb` are what cards call this kind of activity and what one does there (lazy texts)."""

    kind_name: object
    verb: object


def kind(label: str) -> Kind:
    """The kind of that name. Raises LookupError when there is none."""
    config = apps.get_app_config(label)
    if not isinstance(config, Kind):
        raise LookupError(f"{label} is not a kind of activity")
    return config
