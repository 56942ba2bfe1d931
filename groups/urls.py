from django.urls import path

from mygov.stub import stub

app_name = "groups"
urlpatterns = [
    path("", stub, name="list"),
    path("<slug:slug>/", stub, name="detail"),
    path("<slug:slug>/membership/", stub, name="membership"),
]
