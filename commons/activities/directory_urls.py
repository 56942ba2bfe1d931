from django.urls import path

from commons.activities import institutions

app_name = "directory"
urlpatterns = [
    path("institutions/", institutions.institution_list, name="institutions"),
    path("institutions/<slug:code>/", institutions.institution, name="institution"),
]
