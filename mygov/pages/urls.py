from django.urls import path

from commons.people.views import language
from mygov.pages import home, views

pages = (
    [
        path("accessibility/", views.accessibility, name="accessibility"),
        path("offline/", views.offline, name="offline"),
        path("<slug:slug>/", views.page, name="page"),
    ],
    "pages",
)
urlpatterns = [
    path("", home.home, name="home"),
    path("language/", language, name="language"),
    path("sitemap/", views.sitemap, name="sitemap"),
]
