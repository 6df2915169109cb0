"""Agencies, their succession, staff and its dated roles are kept by hand here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.account.decorators import secure_admin_login
from django import forms
from django.conf import settings
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.db.models import QuerySet
from django.http import HttpRequest

from agencies.models import Agency, Appointment, Succession, User
from motcua.text import clean, fold, sort_key

if TYPE_CHECKING:
    AgencyAdminBase = admin.ModelAdmin[Agency]
    AgencyFormBase = forms.ModelForm[Agency]
    SuccessionInlineBase = admin.TabularInline[Succession, Agency]
    AppointmentInlineBase = admin.TabularInline[Appointment, User]
    AppointmentAdminBase = admin.ModelAdmin[Appointment]
    UserAdminBase = DjangoUserAdmin[User]
else:
    AgencyAdminBase = AppointmentAdminBase = admin.ModelAdmin
    AgencyFormBase = forms.ModelForm
    SuccessionInlineBase = AppointmentInlineBase = admin.TabularInline
    UserAdminBase = DjangoUserAdmin

# Sign-in of the administration site is everybody's: lock-out and second factor included.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]


class SuccessionInline(SuccessionInlineBase):
    model = Succession
    fk_name = "predecessor"
    autocomplete_fields = ("successor",)
    extra = 0


class AgencyForm(AgencyFormBase):
    def clean_name(self) -> str:
        return clean(self.cleaned_data["name"])

    def clean_code(self) -> str:
        code = clean(self.cleaned_data["code"])
        if code.startswith("DEMO") and not settings.DEMO:
            raise forms.ValidationError("Không được dùng mã tạm ngoài chế độ minh họa.")
        return code


@admin.register(Agency)
class AgencyAdmin(AgencyAdminBase):
    form = AgencyForm
    list_display = ("name", "code", "gso_code", "level", "kind", "valid_from", "valid_to")
    list_filter = ("level", "kind", "valid_to")
    search_fields = ("code", "gso_code", "name_fold")
    autocomplete_fields = ("parent", "committee")
    readonly_fields = ("is_provisional",)
    inlines = (SuccessionInline,)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Agency], search_term: str
    ) -> tuple[QuerySet[Agency], bool]:
        """Names without accents; codes are ASCII, in capitals."""
        found, duplicates = super().get_search_results(request, queryset, fold(search_term))
        return found | queryset.filter(code__icontains=search_term.strip()), duplicates

    def save_model(self, request: HttpRequest, obj: Agency, form: Any, change: bool) -> None:  # noqa: FBT001
        obj.name_fold, obj.sort_key = fold(obj.name), sort_key(obj.name)
        obj.is_provisional = obj.code.startswith("DEMO")
        super().save_model(request, obj, form, change)

    def has_delete_permission(self, request: HttpRequest, obj: Agency | None = None) -> bool:
        """An agency ends by its dates."""
        return False


class AppointmentInline(AppointmentInlineBase):
    model = Appointment
    autocomplete_fields = ("agency",)
    extra = 0

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """A role ends by its dates."""
        return False


@admin.register(Appointment)
class AppointmentAdmin(AppointmentAdminBase):
    list_display = ("user", "role", "agency", "valid_from", "valid_to")
    list_filter = ("role",)
    list_select_related = ("user", "agency")
    search_fields = ("user__username", "user__full_name", "agency__name_fold")
    autocomplete_fields = ("user", "agency")

    def has_delete_permission(self, request: HttpRequest, obj: Appointment | None = None) -> bool:
        return False


@admin.register(User)
class UserAdmin(UserAdminBase):
    list_display = ("username", "full_name", "email", "is_active", "is_staff", "last_login")
    list_filter = ("is_active", "is_staff", "appointments__role")
    search_fields = ("username", "full_name", "email")
    inlines = (AppointmentInline,)
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        ("Người dùng", {"fields": ("full_name", "email")}),
        ("Quyền", {"fields": ("is_active", "is_staff", "is_superuser")}),
        ("Thời điểm", {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = (
        (None, {"fields": ("username", "full_name", "usable_password", "password1", "password2")}),
    )

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> tuple[str, ...]:
        """Nobody raises himself: only a superuser makes staff and superusers."""
        dates = ("last_login", "date_joined")
        return dates if _is_superuser(request) else (*dates, "is_staff", "is_superuser")

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """A superuser's account (its password, too) is only a superuser's to change."""
        if obj is not None and obj.is_superuser and not _is_superuser(request):
            return False
        return super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Accounts are closed (`is_active`), never deleted: the history names them."""
        return False


def _is_superuser(request: HttpRequest) -> bool:
    return isinstance(request.user, User) and request.user.is_superuser
