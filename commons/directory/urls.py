from django.urls import path

from mygov.stub import stub

app_name = "directory"
urlpatterns = [
    path("institutions/", stub, name="institutions"),
    path("institutions/<slug:code>/", stub, name="institution"),
]
