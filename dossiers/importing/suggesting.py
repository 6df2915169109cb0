"""Which of their columns and words is probably which of ours: by folded names. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from dossiers.importing.faults import DOSSIERS, EVENTS
from motcua.text import fold

Glance = Sequence[Mapping[str, Any]]
# Folded headers as they are seen in other systems and in registers kept in Excel.
_HEADERS: dict[str, dict[str, tuple[str, ...]]] = {
    DOSSIERS: {
        "code": ("ma ho so", "ma hs", "so ho so", "so bien nhan", "ma bien nhan"),
        "procedure": ("ma tthc", "ma thu tuc", "ma thu tuc hanh chinh"),
        "agency": ("noi nop", "don vi tiep nhan", "co quan tiep nhan", "noi tiep nhan"),
        "competent_agency": ("co quan giai quyet", "don vi giai quyet", "co quan co tham quyen"),
        "channel": ("hinh thuc nop", "kenh", "hinh thuc tiep nhan", "kenh tiep nhan", "hinh thuc"),
        "submitted_at": ("nop truc tuyen luc", "ngay nop", "thoi gian nop", "ngay nop truc tuyen"),
        "accepted_at": ("ngay tiep nhan", "tiep nhan luc", "thoi gian tiep nhan", "ngay nhan"),
        "due_at": ("ngay hen tra", "hen tra", "ngay hen tra ket qua", "han tra", "han xu ly"),
        "holder": ("chu ho so", "ten chu ho so", "ho va ten", "ho ten", "nguoi nop"),
        "holder_kind": ("loai doi tuong", "doi tuong", "loai chu ho so"),
        "citizen_id": ("so cccd", "cccd", "so cmnd/cccd", "so dinh danh", "so giay to", "cmnd"),
        "phone": ("dien thoai", "so dien thoai", "sdt"),
        "address": ("dia chi", "noi cu tru"),
        "fee_vnd": ("phi, le phi", "le phi", "phi", "so tien"),
        "result_at": ("ngay co ket qua", "ngay xu ly xong", "ngay hoan thanh", "ngay giai quyet"),
        "handover_at": ("ngay tra ket qua", "ngay tra", "ngay tra kq"),
    },
    EVENTS: {
        "code": ("ma ho so", "ma hs", "so ho so"),
        "at": ("thoi diem", "thoi gian", "ngay", "luc"),
        "act": ("viec", "thao tac", "hanh dong", "cong viec"),
        "agency": ("co quan", "don vi", "chuyen den"),
        "new_date": ("hen tra moi", "ngay hen moi"),
        "reason": ("ly do", "noi dung", "ghi chu"),
    },
}
_WORDS: dict[str, dict[str, tuple[str, ...]]] = {
    "channel": {
        "direct": ("truc tiep", "tai quay", "nop truc tiep"),
        "online": ("truc tuyen", "qua mang", "online", "nop truc tuyen", "cong dvc"),
        "post": ("buu chinh", "buu chinh cong ich", "buu dien"),
    },
    "holder_kind": {
        "person": ("ca nhan", "cong dan", "nguoi dan"),
        "organisation": ("to chuc", "doanh nghiep", "co quan"),
    },
    "act": {
        "suspend": ("yeu cau bo sung", "tam dung"),
        "resume": ("da bo sung", "bo sung", "tiep tuc"),
        "extend": ("gia han",),
        "result": ("co ket qua", "da xu ly xong", "hoan thanh", "xu ly xong"),
        "handover": ("tra ket qua", "da tra ket qua", "da tra"),
        "withdraw": ("rut ho so", "cong dan rut ho so"),
        "stop": ("dung xu ly", "dung giai quyet", "tra lai ho so"),
        "forward": ("chuyen", "chuyen ho so", "chuyen xu ly"),
        "acknowledge": ("nhan ho so", "xac nhan", "da nhan"),
    },
}


def columns(ours: str, headers: Iterable[str]) -> dict[str, dict[str, str]]:
    """{ours: {"from": header}}: exact names first, then headers that begin with a known one."""
    free = {fold(header): header for header in headers}
    found: dict[str, dict[str, str]] = {}
    for is_match in (str.__eq__, str.startswith):
        for column, names in _HEADERS[ours].items():
            known = (column, *names)
            match = next((f for name in known for f in free if is_match(f, name)), None)
            if column not in found and match is not None:
                found[column] = {"from": free.pop(match)}
    return found


def sheets(glance: Glance) -> dict[str, str]:
    """Which sheet holds the dossiers, and which the events ("" when none does)."""
    best = max(glance, key=lambda each: len(columns(DOSSIERS, _names(each))))
    others = [each for each in glance if each is not best]
    events = [each for each in others if {"code", "act"} <= columns(EVENTS, _names(each)).keys()]
    return {DOSSIERS: best["sheet"], EVENTS: events[0]["sheet"] if events else ""}


def word(column: str, theirs: str, agencies: Mapping[str, str]) -> str:
    """Our word for theirs, "" when unknown. `agencies`: folded name → code."""
    folded = fold(theirs)
    if column in {"agency", "competent_agency"}:
        return agencies.get(folded, "")
    for ours, names in _WORDS[column].items():
        if folded == ours or folded in names:
            return ours
    return ""


def _names(sheet: Mapping[str, Any]) -> list[str]:
    return [each["name"] for each in sheet["headers"]]
