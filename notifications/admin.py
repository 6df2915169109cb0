"""The words of messages, with a preview; and what became of the messages, with a resend."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone

from motcua.text import clean
from notifications import outbox, wording
from notifications.models import Channel, Message, MessageTemplate

if TYPE_CHECKING:
    TemplateAdminBase = admin.ModelAdmin[MessageTemplate]
    MessageAdminBase = admin.ModelAdmin[Message]
    TemplateFormBase = forms.ModelForm[MessageTemplate]
else:
    TemplateAdminBase = MessageAdminBase = admin.ModelAdmin
    TemplateFormBase = forms.ModelForm


class TemplateForm(TemplateFormBase):
    """Refuses what no message could fill in, and an SMS that is longer than three segments."""

    def clean_subject(self) -> str:
        return clean(self.cleaned_data["subject"])

    def clean_body(self) -> str:
        body = "\n".join(clean(line) for line in self.cleaned_data["body"].splitlines()).strip()
        unknown = wording.unknown_fields(body)
        if unknown:
            known = ", ".join(f"{{{name}}}" for name in wording.FIELDS)
            raise forms.ValidationError(f"Chỉ dùng được: {known}.")
        is_short = self.cleaned_data.get("channel") == Channel.SMS
        if is_short and len(wording.fill(body, wording.FIELDS)) >= wording.SMS_LENGTH:
            raise forms.ValidationError("Tin nhắn dài quá ba đoạn (201 ký tự).")
        return body


@admin.register(MessageTemplate)
class MessageTemplateAdmin(TemplateAdminBase):
    form = TemplateForm
    fields = ("event", "channel", "subject", "body", "is_active", "preview")
    readonly_fields = ("preview",)
    list_display = ("event", "channel", "subject", "is_active")
    list_filter = ("channel", "is_active")

    @admin.display(description="xem trước")
    def preview(self, template: MessageTemplate) -> str:
        try:
            return wording.fill(template.body, wording.FIELDS, short=template.channel == "sms")
        except wording.WordsMissing:
            return "—"


@admin.register(Message)
class MessageAdmin(MessageAdminBase):
    """Read only, without recipients; a stranded one can be sent again."""

    list_display = ("created_at", "event", "channel", "state", "attempts", "problem", "sent_at")
    list_filter = ("state", "channel", "event")
    fields = (*list_display, "next_attempt_at", "reference", "about", "context")
    readonly_fields = fields
    actions = ("send_again",)
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.action(description="Gửi lại các tin không gửi được hoặc chưa rõ")
    def send_again(self, request: HttpRequest, chosen: Any) -> None:
        now = timezone.now()
        again = sum(outbox.resend(message, now=now) for message in chosen)
        self.message_user(request, f"Đã đưa {again} tin vào hàng chờ gửi.")
