from django.urls import path

from commons.activities import views

app_name = "activities"
urlpatterns = [
    path("", views.activity_list, name="list"),
    path("<slug:slug>/changes/", views.changes, name="changes"),
]
