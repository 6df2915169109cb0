"""What administrators set up about dossiers; the dossiers themselves have their own screens."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.http import HttpRequest

from dossiers.models import LatenessCause, WarningPolicy

if TYPE_CHECKING:
    CauseAdminBase = admin.ModelAdmin[LatenessCause]
    PolicyAdminBase = admin.ModelAdmin[WarningPolicy]
else:
    CauseAdminBase = PolicyAdminBase = admin.ModelAdmin


@admin.register(LatenessCause)
class LatenessCauseAdmin(CauseAdminBase):
    """A cause that letters name is switched off, not deleted."""

    list_display = ("position", "code", "name", "is_active")
    list_display_links = ("name",)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(WarningPolicy)
class WarningPolicyAdmin(PolicyAdminBase):
    list_display = ("agency", "days")
    list_select_related = ("agency",)
    raw_id_fields = ("agency",)
