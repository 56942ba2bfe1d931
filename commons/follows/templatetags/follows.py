"""Whether the reader follows something, for the button."""

from django import template
from django.db.models import Model
from django.template.context import Context
from django.urls import reverse

from commons.follows import following

register = template.Library()


@register.simple_tag(takes_context=True)
def is_followed(context: Context, thing: Model) -> bool:
    return following.follows(context["request"].user, thing)


@register.simple_tag
def follow_url(kind: str, thing: Model) -> str:
    return reverse(f"follows:{kind}", args=[following.key_of(thing)])
