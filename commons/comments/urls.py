from django.urls import path

from mygov.stub import stub

app_name = "comments"
urlpatterns = [
    path("<int:pk>/", stub, name="detail"),
    path("of/<slug:slug>/", stub, name="thread"),
    path("<int:pk>/vote/", stub, name="vote"),
    path("<int:pk>/replies/", stub, name="replies"),
    path("<int:pk>/edit/", stub, name="edit"),
    path("<int:pk>/removal/", stub, name="removal"),
    path("<int:pk>/pin/", stub, name="pin"),
    path("similar/<slug:slug>/", stub, name="similar"),
]
