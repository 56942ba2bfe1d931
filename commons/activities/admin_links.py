"""Where an activity stands in the admin: its kind's page, found without asking what kind it is."""

from django.apps import apps
from django.urls import reverse

from commons.activities.models import Activity


def admin_url(activity: Activity, page: str = "change") -> str:
    """The address of its form, or of one of its verbs."""
    models = apps.get_app_config(activity.kind).get_models()
    own = next(model for model in models if issubclass(model, Activity))._meta
    return reverse(f"admin:{own.app_label}_{own.model_name}_{page}", args=[activity.pk])
