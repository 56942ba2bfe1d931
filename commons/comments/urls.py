from django.urls import path

from commons.comments import act_views, views

app_name = "comments"
urlpatterns = [
    path("of/<slug:slug>/", views.thread, name="thread"),
    path("similar/<slug:slug>/", views.similar_ones, name="similar"),
    path("<int:pk>/", views.detail, name="detail"),
    path("<int:pk>/replies/", views.replies, name="replies"),
    path("<int:pk>/reply/", act_views.reply, name="reply"),
    path("<int:pk>/vote/", act_views.vote, name="vote"),
    path("<int:pk>/edit/", act_views.edit, name="edit"),
    path("<int:pk>/removal/", act_views.removal, name="removal"),
    path("<int:pk>/pin/", act_views.pin, name="pin"),
    path("<int:pk>/versions/", views.versions, name="versions"),
]
