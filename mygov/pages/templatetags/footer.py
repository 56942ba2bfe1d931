"""The pages that stand in every page's foot and on the site map."""

from django import template
from django.utils.functional import Promise

from mygov.pages.footer import PAGES

register = template.Library()


@register.simple_tag
def footer_pages() -> list[tuple[str, str | Promise]]:
    return list(PAGES.items())
