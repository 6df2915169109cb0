"""The catalogue by hand: drafts are written and published here; what is published only ends."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest

from motcua.text import clean, fold, sort_key
from procedures.models import (
    Block,
    Component,
    Decision,
    FeeRate,
    Posting,
    Procedure,
    ProcedureField,
    ProcedureVersion,
    RuleSet,
    Step,
)

if TYPE_CHECKING:
    PostingAdminBase = admin.ModelAdmin[Posting]
    VersionAdminBase = admin.ModelAdmin[ProcedureVersion]
    VersionFormBase = forms.ModelForm[ProcedureVersion]
    PartBase = admin.TabularInline[Any, ProcedureVersion]
else:
    PostingAdminBase = VersionAdminBase = admin.ModelAdmin
    VersionFormBase = forms.ModelForm
    PartBase = admin.TabularInline

MAY_STILL_CHANGE = {"effective_to", "abolished_by"}


class VersionForm(VersionFormBase):
    """Published as the last step, when the parts are in place."""

    def clean_name(self) -> str:
        return clean(self.cleaned_data["name"])


class Part(PartBase):
    """Components, steps, fees: of drafts only, as the database demands."""

    extra = 0

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return not _is_published(obj) and super().has_add_permission(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return not _is_published(obj) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return not _is_published(obj) and super().has_delete_permission(request, obj)


class ComponentPart(Part):
    model = Component


class StepPart(Part):
    model = Step


class FeePart(Part):
    model = FeeRate


@admin.register(ProcedureVersion)
class ProcedureVersionAdmin(VersionAdminBase):
    form = VersionForm
    list_display = ("procedure", "name", "number", "status", "effective_from", "effective_to")
    list_filter = ("status", "online", "is_checked")
    list_select_related = ("procedure",)
    search_fields = ("procedure__code", "name_fold")
    raw_id_fields = ("procedure", "decision", "abolished_by")
    inlines = (ComponentPart, StepPart, FeePart)
    actions = ("publish",)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        if not _is_published(obj):
            return ("status",)
        return tuple(
            field.name
            for field in ProcedureVersion._meta.fields
            if field.editable and not field.primary_key and field.name not in MAY_STILL_CHANGE
        )

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return not _is_published(obj) and super().has_delete_permission(request, obj)

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> Any:
        return super().get_search_results(request, queryset, fold(search_term))

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:  # noqa: FBT001
        obj.name_fold, obj.sort_key = fold(obj.name), sort_key(obj.name)
        super().save_model(request, obj, form, change)

    @admin.action(description="Công bố các dự thảo đã chọn")
    def publish(self, request: HttpRequest, queryset: Any) -> None:
        """Refused as a whole when one overlaps what is published already."""
        published = ProcedureVersion.Status.PUBLISHED
        for draft in queryset.filter(status=ProcedureVersion.Status.DRAFT):
            draft.status = published
            try:
                draft.validate_constraints()
            except forms.ValidationError as error:
                self.message_user(request, f"{draft}: {'; '.join(error.messages)}", "error")
                return
        done = queryset.filter(status=ProcedureVersion.Status.DRAFT).update(status=published)
        self.message_user(request, f"Đã công bố {done} phiên bản.")


def _is_published(version: ProcedureVersion | None) -> bool:
    return version is not None and version.status == ProcedureVersion.Status.PUBLISHED


@admin.register(Posting)
class PostingAdmin(PostingAdminBase):
    list_display = ("version", "agency", "since", "until")
    list_select_related = ("version", "agency")
    search_fields = ("version__procedure__code", "agency__name_fold")
    raw_id_fields = ("version", "agency")


admin.site.register([Block, Decision, Procedure, ProcedureField, RuleSet])
