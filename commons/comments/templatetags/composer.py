"""The empty form, which is the same for everybody."""

from django import template

from commons.comments.forms import CommentForm

register = template.Library()


@register.simple_tag
def empty_comment_form(most: int, sides: bool) -> CommentForm:
    return CommentForm(most=most, asks_stance=sides)
