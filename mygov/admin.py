"""The admin site under our name and colours: who may enter, and what waits for them."""

from __future__ import annotations

from functools import update_wrapper
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.contrib.admin import AdminSite
from django.contrib.admin.apps import AdminConfig
from django.contrib.admin.options import TO_FIELD_VAR
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpResponse

FIRST = (
    "discussions",
    "consultations",
    "groups",
    "activities",
    "comments",
)  # what officials come for; the rest follows by name


class PortalAdminSite(AdminSite):
    site_header = _("MyGov administration")
    site_title = _("MyGov administration")
    index_title = _("What waits for you")
    enable_nav_sidebar = False  # lists need the room; the first page has every list

    def __init__(self, name: str = "admin") -> None:
        super().__init__(name)
        self.disable_action("delete_selected")  # nothing is deleted by the dozen

    def has_permission(self, request: HttpRequest) -> bool:
        """Staff with a post, and platform administrators."""
        from commons.directory.models import Post

        if "may_enter" not in request.__dict__:
            user = request.user
            request.may_enter = (  # type: ignore[attr-defined]
                user.is_active and user.is_staff and (user.is_superuser or Post.objects.held_by(user).exists())
            )
        return request.may_enter  # type: ignore[attr-defined]

    def admin_view(self, view: Callable[..., HttpResponse], cacheable: bool = False) -> Callable[..., HttpResponse]:
        """An empty name of a key field is refused here: Django looks it up and fails."""
        inner = super().admin_view(view, cacheable)

        def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if "" in {request.GET.get(TO_FIELD_VAR), request.POST.get(TO_FIELD_VAR)}:
                raise Http404
            return inner(request, *args, **kwargs)

        return update_wrapper(asked, inner)

    def get_urls(self) -> list[Any]:
        """Django's redirect to "view on site" asks nobody; ours finds the row as the person sees it."""
        seen = path(
            "r/<path:content_type_id>/<path:object_id>/", self.admin_view(self.view_on_site), name="view_on_site"
        )
        return [seen, *super().get_urls()]

    def view_on_site(self, request: HttpRequest, content_type_id: str, object_id: str) -> HttpResponse:
        from django.contrib.contenttypes.models import ContentType

        known = ContentType.objects.filter(pk=content_type_id).first() if content_type_id.isdecimal() else None
        page = self._registry.get(known.model_class()) if known else None  # type: ignore[arg-type]
        if page is None:
            raise Http404
        url = page.get_view_on_site_url(page.get_object(request, object_id))
        if not url:
            raise Http404
        return HttpResponseRedirect(url)

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The portal's own sign-in, with its limits on guessing and its second factor; there is no other door."""
        if request.user.is_authenticated and not self.has_permission(request):
            raise PermissionDenied
        wanted = request.GET.get("next", "")
        ours = url_has_allowed_host_and_scheme(
            wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
        )
        target = wanted if ours else reverse("admin:index")
        if request.user.is_authenticated:
            return HttpResponseRedirect(target)
        return HttpResponseRedirect(f"{reverse('account_login')}?{urlencode({'next': target})}")

    def autocomplete_view(self, request: HttpRequest) -> HttpResponse:
        """Only for fields that some form offers this way; Django's own breaks on others."""
        asked = tuple(request.GET.get(name, "") for name in ("app_label", "model_name", "field_name"))
        offered = {
            (model._meta.app_label, model._meta.model_name, name)
            for own, page in self._registry.items()
            for model in (own, *own._meta.all_parents)
            for name in page.get_autocomplete_fields(request)
        }
        if asked not in offered:
            raise PermissionDenied
        return super().autocomplete_view(request)

    def password_change(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        return HttpResponseRedirect(reverse("account_change_password"))

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        order = {label: place for place, label in enumerate(FIRST)}
        apps = super().get_app_list(request, app_label)
        return sorted(apps, key=lambda app: order.get(app["app_label"], len(order)))

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        from mygov.desk import desk

        return super().index(request, {"desk": desk(request), **(extra_context or {})})


class PortalAdminConfig(AdminConfig):
    default_site = "mygov.admin.PortalAdminSite"
