"""Logins and their roles in the admin, so that who gives roles cannot take everything."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, Permission, User
from django.core.exceptions import PermissionDenied
from django.forms import ModelMultipleChoiceField
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from cms import roles
from cms.desk.deletion import DeletionMixin
from cms.desk.history import HistoryMixin
from cms.desk.markup import yes_or_no

_OF_SUPERUSERS = ("is_superuser", "user_permissions")


_ACTIONS = {
    "add": pgettext_lazy("permission", "add"),
    "change": pgettext_lazy("permission", "change"),
    "delete": pgettext_lazy("permission", "delete"),
    "view": pgettext_lazy("permission", "view"),
}


class PermissionsField(ModelMultipleChoiceField):  # type: ignore[type-arg]  # not generic at run time
    """Permissions in the reader's language: their names are stored in English."""

    def label_from_instance(self, obj: Permission) -> str:
        action = _ACTIONS.get(obj.codename.removesuffix(f"_{obj.content_type.model}"))
        return f"{obj.content_type}: {action or _(obj.name)}"


class LoginAdmin(DeletionMixin, HistoryMixin, UserAdmin):  # type: ignore[type-arg]  # not generic at run time
    """Django's own, but that only a superuser makes superusers, changes one, or gives permissions
    that no role has: others give and take roles, and leave the groups of a newsroom's own."""

    list_display = [
        "username",
        "first_name",
        "last_name",
        "given_roles",
        "may_sign_in",
        "superuser",
    ]
    list_filter = ["groups", "is_active"]

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).prefetch_related("groups")

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        fieldsets = super().get_fieldsets(request, obj)
        if request.user.is_superuser:
            return fieldsets
        return [
            (name, {**options, "fields": [f for f in options["fields"] if f not in _OF_SUPERUSERS]})
            for name, options in fieldsets
        ]

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "groups" and not request.user.is_superuser:
            kwargs["queryset"] = Group.objects.filter(name__in=roles.registered())
        if db_field.name == "user_permissions":
            kwargs["form_class"] = PermissionsField
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """A form that shows the roles alone would take a login out of all other groups."""
        user: User = form.instance
        own = Group.objects.exclude(name__in=roles.registered()).filter(user=user.pk)
        kept = [] if request.user.is_superuser else list(own)
        super().save_related(request, form, formsets, change)
        user.groups.add(*kept)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and _may(request, obj)

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> Any:  # noqa: A002 -- Django's name
        """Whoever sets a password can sign in with it, and then may what that login may."""
        user = self.get_object(request, id)
        if not request.user.is_superuser and user is not None and _may_more_than_roles(user):
            raise PermissionDenied
        return super().user_change_password(request, id, form_url)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and _may(request, obj)

    @admin.display(description=gettext_lazy("roles"))
    def given_roles(self, user: User) -> str:
        return ", ".join(group.name for group in user.groups.all())

    @admin.display(description=gettext_lazy("active"), ordering="is_active")
    def may_sign_in(self, user: User) -> str:
        return yes_or_no(user.is_active)

    @admin.display(description=gettext_lazy("superuser status"), ordering="is_superuser")
    def superuser(self, user: User) -> str:
        return yes_or_no(user.is_superuser)


class RoleAdmin(DeletionMixin, HistoryMixin, GroupAdmin):
    """Django's own groups, whose permissions can be read."""

    def formfield_for_manytomany(
        self, db_field: Any, request: HttpRequest | None = None, **kwargs: Any
    ) -> Any:
        if db_field.name == "permissions":
            kwargs["form_class"] = PermissionsField
        return super().formfield_for_manytomany(db_field, request, **kwargs)


def _may(request: HttpRequest, user: User | None) -> bool:
    return bool(request.user.is_superuser) or user is None or not user.is_superuser


def _may_more_than_roles(user: User) -> bool:
    """Whether a login has permissions of its own, or a group that is no role."""
    groups = user.groups.exclude(name__in=roles.registered())
    return user.user_permissions.exists() or groups.exists()


admin.site.unregister([User, Group])
admin.site.register(User, LoginAdmin)
admin.site.register(Group, RoleAdmin)
admin.site.index_template = "cms/desk/index.html"
