"""Calendars, shifts and special days are kept by hand; every edit moves the versions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from calendars.models import Calendar, Shift, SpecialDay
from calendars.versions import bump_version

if TYPE_CHECKING:
    ShiftInlineBase = admin.TabularInline[Shift, Calendar]
    CalendarAdminBase = admin.ModelAdmin[Calendar]
    SpecialDayAdminBase = admin.ModelAdmin[SpecialDay]
    SpecialDayFormBase = forms.ModelForm[SpecialDay]
else:
    ShiftInlineBase = admin.TabularInline
    CalendarAdminBase = SpecialDayAdminBase = admin.ModelAdmin
    SpecialDayFormBase = forms.ModelForm


class ShiftInline(ShiftInlineBase):
    model = Shift
    extra = 0


@admin.register(Calendar)
class CalendarAdmin(CalendarAdminBase):
    list_display = ("code", "name", "decided_until", "version", "changed_at")
    readonly_fields = ("version", "changed_at")
    inlines = (ShiftInline,)

    def save_model(
        self,
        request: HttpRequest,
        obj: Calendar,
        form: Any,
        change: bool,  # noqa: FBT001
    ) -> None:
        # Only what was typed: another edit may have moved the version meanwhile.
        obj.save(update_fields=form.changed_data if change else None)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:  # noqa: FBT001
        """After the calendar and its shifts: the last thing of the edit's transaction."""
        super().save_related(request, form, formsets, change)
        bump_version(form.instance)


class SpecialDayForm(SpecialDayFormBase):
    class Meta:
        model = SpecialDay
        fields = ("calendar", "date", "kind", "works_from", "works_until", "legal_basis", "note")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        scope = self.fields["calendar"]
        if isinstance(scope, forms.ModelChoiceField):
            scope.empty_label = "Cả nước (mọi lịch)"

    def clean(self) -> dict[str, Any] | None:
        # The kind says whether the office works; the column is there for queries.
        self.instance.is_working = self.cleaned_data.get("kind") in SpecialDay.WORKING_KINDS
        return super().clean()


@admin.register(SpecialDay)
class SpecialDayAdmin(SpecialDayAdminBase):
    form = SpecialDayForm
    list_display = ("date", "kind", "note", "scope", "legal_basis", "is_working")
    list_filter = ("kind", "calendar")
    list_select_related = ("calendar",)
    search_fields = ("note", "legal_basis")
    date_hierarchy = "date"

    @admin.display(description="phạm vi", ordering="calendar")
    def scope(self, special: SpecialDay) -> str:
        return special.calendar.name if special.calendar else "Cả nước"

    def save_model(
        self,
        request: HttpRequest,
        obj: SpecialDay,
        form: Any,
        change: bool,  # noqa: FBT001
    ) -> None:
        # A day may move from one calendar to another, or to the whole country: both changed.
        before = SpecialDay.objects.select_related("calendar").filter(pk=obj.pk).first()
        super().save_model(request, obj, form, change)
        bump_version(obj.calendar)
        if before is not None and before.calendar != obj.calendar:
            bump_version(before.calendar)

    def delete_model(self, request: HttpRequest, obj: SpecialDay) -> None:
        super().delete_model(request, obj)
        bump_version(obj.calendar)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[SpecialDay]) -> None:
        scopes = {special.calendar for special in queryset.select_related("calendar")}
        super().delete_queryset(request, queryset)
        for calendar in scopes:
            bump_version(calendar)
