"""What the frame and the first page say that is the same for everybody."""

from django import template
from django.db.models import Sum
from django.utils.functional import Promise

from commons.activities.models import Activity
from commons.core import clock, moments
from mygov.pages.footer import PAGES

register = template.Library()


@register.simple_tag
def footer_pages() -> list[tuple[str, Promise]]:
    """The pages that stand in every page's foot and on the site map."""
    return [(slug, page.title) for slug, page in PAGES.items()]


@register.simple_tag
def portal_numbers() -> dict[str, int | str]:
    """Sums of kept counters over activities (hundreds of rows), never a count over contributions; and of which day."""
    now = clock.now()
    sums = Activity.objects.published(now).aggregate(
        comments=Sum("comment_count", default=0), people=Sum("participant_count", default=0)
    )
    return {**sums, "date": moments.ist_date(now)}
