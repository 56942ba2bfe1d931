from django.urls import path

from mygov.moderation import transparency_views

app_name = "transparency"
urlpatterns = [
    path("transparency/", transparency_views.page, name="page"),
    path("transparency/moderation.csv", transparency_views.file, name="file"),
]
