"""How forms look: one template for every field (`templates/ui/field.html`)."""

from django.forms.renderers import TemplatesSetting


class PortalRenderer(TemplatesSetting):
    """Finds form templates among the portal's own first."""

    field_template_name = "ui/field.html"
