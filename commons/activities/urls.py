from django.urls import path

from mygov.stub import stub

app_name = "activities"
urlpatterns = [
    path("", stub, name="list"),
    path("<slug:slug>/changes/", stub, name="changes"),
]
