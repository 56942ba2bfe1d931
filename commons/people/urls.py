from django.urls import path

from commons.people import views

app_name = "people"
urlpatterns = [
    path("profile/", views.own_profile, name="profile"),
    path("profile/districts/", views.districts, name="districts"),
    path("people/<int:pk>/", views.public_profile, name="public"),
    path("drafts/", views.draft, name="draft"),
]
