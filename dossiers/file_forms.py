"""The forms that bring files to a dossier: a result, and papers scanned after intake.

A file comes as the id of an upload (scripts on) or with the form itself (scripts off).
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, BinaryIO, cast
from uuid import UUID, uuid4

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone

from agencies.models import User
from dossiers import attaching, files, result
from dossiers.errors import FileRefused
from dossiers.models import Dossier, DossierComponent, StoredFile
from motcua import signing
from motcua.text import VietnameseCharField


class FileForm(forms.Form):
    """The base: the id of the request (a second click writes nothing), and files."""

    request_id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)

    def __init__(self, typed: Any, sent: Mapping[str, Any] | None, *, dossier: Dossier) -> None:
        self.dossier = dossier
        super().__init__(typed, sent)  # type: ignore[arg-type]

    def perform(self, actor: User, now: datetime) -> None:
        raise NotImplementedError

    def add_upload(self, name: str, label: str) -> None:
        """Two fields: the id of an upload, and the file itself without scripts."""
        self.fields[name] = forms.UUIDField(label=label, required=False)
        self.fields[f"{name}_upload"] = forms.FileField(label=label, required=False)

    def chosen(self, name: str, actor: User, now: datetime) -> UUID | None:
        known: UUID | None = self.cleaned_data[name]
        sent: UploadedFile[Any] | None = self.cleaned_data[f"{name}_upload"]
        if known is not None or sent is None:
            return known
        kept = files.store(
            cast(BinaryIO, sent),
            sent.name or "",
            stored_by=actor,
            now=now,
            retention=StoredFile.Retention.TEMPORARY,
        )
        return kept.public_id


class ResultForm(FileForm):
    title = VietnameseCharField(
        label="Tên kết quả",
        max_length=300,
        widget=forms.TextInput(attrs={"autofocus": True}),
        help_text="Như ghi trên giấy, ví dụ: Giấy khai sinh.",
    )
    number = VietnameseCharField(label="Số, ký hiệu", max_length=60, required=False)
    issued_on = forms.DateField(
        label="Ngày ký",
        initial=timezone.localdate,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    sign = forms.BooleanField(label="Ký số bằng chứng thư số của cơ quan (tệp PDF)", required=False)

    def __init__(self, typed: Any, sent: Mapping[str, Any] | None, *, dossier: Dossier) -> None:
        super().__init__(typed, sent, dossier=dossier)
        if not signing.is_configured():
            del self.fields["sign"]
        self.add_upload("file", "Tệp kết quả")

    def perform(self, actor: User, now: datetime) -> None:
        typed = self.cleaned_data
        file_id = self.chosen("file", actor, now)
        if file_id is None:
            raise FileRefused(fields={"file": "Chưa chọn tệp kết quả."})
        result.record(
            self.dossier,
            actor=actor,
            now=now,
            request_id=typed["request_id"],
            title=typed["title"],
            number=typed["number"],
            issued_on=typed["issued_on"],
            file_id=file_id,
            sign=typed.get("sign", False),
        )


class AttachForm(FileForm):
    """An upload for each paper that has no file yet."""

    def __init__(self, typed: Any, sent: Mapping[str, Any] | None, *, dossier: Dossier) -> None:
        super().__init__(typed, sent, dossier=dossier)
        self.waiting = [one for one in files.of(dossier) if one.file is None]
        for one in self.waiting:
            self.add_upload(f"paper_{one.position}", one.name)

    def lines(self) -> list[tuple[DossierComponent, forms.BoundField]]:
        return [(one, self[f"paper_{one.position}"]) for one in self.waiting]

    def perform(self, actor: User, now: datetime) -> None:
        papers = {
            one.position: chosen
            for one in self.waiting
            if (chosen := self.chosen(f"paper_{one.position}", actor, now))
        }
        attaching.attach(
            self.dossier,
            actor=actor,
            now=now,
            request_id=self.cleaned_data["request_id"],
            papers=papers,
        )
