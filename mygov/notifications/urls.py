from django.urls import path

from mygov.notifications import views

app_name = "notifications"
urlpatterns = [
    path("", views.notification_list, name="list"),
    path("reading/", views.reading, name="reading"),
    path("unread/", views.unread, name="unread"),
    path("<int:pk>/", views.opening, name="opening"),
    path("<int:pk>/reading/", views.reading_one, name="reading_one"),
    path("settings/", views.preferences, name="preferences"),
    path("settings/again/", views.again, name="again"),
    path("unsubscribe/<str:token>/", views.unsubscribe, name="unsubscribe"),
]
