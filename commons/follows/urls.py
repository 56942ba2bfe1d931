from django.urls import path

from commons.follows import views

app_name = "follows"
urlpatterns = [
    path("", views.follow_list, name="list"),
    path("<int:pk>/end/", views.end, name="end"),
    path("activities/<slug:key>/", views.toggle, {"kind": "activity"}, name="activity"),
    path("groups/<slug:key>/", views.toggle, {"kind": "group"}, name="group"),
    path("institutions/<slug:key>/", views.toggle, {"kind": "institution"}, name="institution"),
    path("regions/<int:key>/", views.toggle, {"kind": "region"}, name="region"),
    path("sectors/<slug:key>/", views.toggle, {"kind": "sector"}, name="sector"),
]
