from django.apps import AppConfig


class PortalConfig(AppConfig):
    """The portal itself: holds the checks that belong to no single app."""

    name = "mygov"
    label = "portal"

    def ready(self) -> None:
        from mygov import celery, checks  # noqa: F401 - the queue every process sends to; registers
