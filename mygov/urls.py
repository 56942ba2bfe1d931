"""Every address of the portal. Citizens' pages exist in each language: `/groups/` and `/hi/groups/`."""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path

from mygov.pages import urls as pages
from mygov.pages import views

urlpatterns = [
    path("admin/", admin.site.urls),
    path("webhooks/", include("mygov.notifications.webhook_urls")),
    path("attachments/", include("consultations.attachment_urls")),  # commons.core.file_origin
    path("robots.txt", views.robots),
    path("sw.js", views.service_worker),
    path("favicon.ico", views.favicon),
    path(".well-known/security.txt", views.security),
    *i18n_patterns(
        path("", include(pages)),
        path("accounts/", include("commons.people.entrance_urls")),  # before allauth's, some of whose views it replaces
        path("accounts/", include("allauth.urls")),
        path("", include("commons.people.urls")),
        path("", include("commons.activities.directory_urls")),
        path("activities/", include("commons.activities.urls")),
        path("comments/", include("commons.comments.urls")),
        path("follows/", include("commons.follows.urls")),
        path("groups/", include("groups.urls")),
        path("", include("discussions.urls")),
        path("polls/", include("polls.urls")),
        path("consultations/", include("consultations.urls")),
        path("surveys/", include("surveys.urls")),
        path("moderation/", include("mygov.moderation.urls")),
        path("", include("mygov.moderation.transparency_urls")),
        path("notifications/", include("mygov.notifications.urls")),
        path("", include("mygov.impact.urls")),
        *([path("demo/", include("mygov.demo.urls"))] if settings.DEMO else []),
        path("", include(pages.pages)),  # last: it takes any one word, and answers 404 for most
        prefix_default_language=False,
    ),
]

handler400 = "mygov.pages.errors.bad_request"
handler403 = "mygov.pages.errors.forbidden"
handler404 = "mygov.pages.errors.not_found"
handler500 = "mygov.pages.errors.broken"
