from django.urls import path

from consultations import file_views

app_name = "attachments"
urlpatterns = [path("<str:token>/", file_views.download, name="download")]
