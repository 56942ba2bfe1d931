from django.urls import path

from mygov.stub import stub

app_name = "follows"
urlpatterns = [
    path("activities/<slug:slug>/", stub, name="activity"),
    path("groups/<slug:slug>/", stub, name="group"),
    path("institutions/<slug:code>/", stub, name="institution"),
]
