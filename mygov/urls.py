"""Every address of the portal. Citizens' pages exist in each language: `/groups/` and `/hi/groups/`."""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/", admin.site.urls),
    *i18n_patterns(
        path("", include("mygov.pages.urls")),
        path("accounts/", include("allauth.urls")),
        path("", include("commons.people.urls")),
        path("", include("commons.directory.urls")),
        path("activities/", include("commons.activities.urls")),
        path("comments/", include("commons.comments.urls")),
        path("follows/", include("commons.follows.urls")),
        path("groups/", include("groups.urls")),
        path("", include("discussions.urls")),
        path("moderation/", include("mygov.moderation.urls")),
        path("notifications/", include("mygov.notifications.urls")),
        path("impact/", include("mygov.impact.urls")),
        prefix_default_language=False,
    ),
]
if settings.DEMO:
    urlpatterns += i18n_patterns(path("demo/", include("mygov.demo.urls")), prefix_default_language=False)
