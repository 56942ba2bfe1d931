from django.urls import path

from mygov.stub import stub

app_name = "people"
urlpatterns = [
    path("profile/", stub, name="profile"),
    path("people/<int:pk>/", stub, name="public"),
    path("drafts/", stub, name="draft"),
]
