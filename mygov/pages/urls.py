from django.urls import path

from mygov.stub import stub

urlpatterns = [
    path("", stub, name="home"),
    path("language/", stub, name="language"),
    path("sitemap/", stub, name="sitemap"),
]
