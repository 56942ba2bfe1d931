from django.urls import path

from groups import views

app_name = "groups"
urlpatterns = [
    path("", views.group_list, name="list"),
    path("<slug:slug>/", views.detail, name="detail"),
    path("<slug:slug>/membership/", views.membership, name="membership"),
]
