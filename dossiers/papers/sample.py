"""A paper of a dossier that does not exist, to look at a form: nothing is read or written.

Person, numbers and dates are invented, and the paper says so.
"""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from agencies.models import Agency, Kind, User
from dossiers.models import (
    Apology,
    Dossier,
    DossierComponent,
    DossierEvent,
    FeeDue,
    LatenessCause,
    Party,
    Slip,
    StepRun,
    SupplementRequest,
)
from dossiers.papers.content import Form, Source
from dossiers.papers.sheet import Sheet, made_of
from procedures.models import ProcedureVersion

MARK = "BẢN MẪU"
CODE = "000.00.00.H00-240603-0001"


def sheet_of(kind: str, form: Form, province: Agency) -> Sheet:
    """The form with invented words in it."""
    now = timezone.now()
    commune = Agency(name="Ủy ban nhân dân xã Mẫu", kind=Kind.COMMITTEE, parent=province)
    counter = Agency(
        name="Bộ phận Một cửa xã Mẫu", kind=Kind.COUNTER, committee=commune, phone="0255 0000 000"
    )
    clerk = User(full_name="Nguyễn Văn Mẫu")
    dossier = _dossier(commune, counter, clerk)
    slip = Slip(
        dossier=dossier,
        kind=kind,
        number=1 if form.suffix else None,
        year=now.year,
        issued_at=now,
        issued_by=clerk,
        agency=counter,
    )
    slip.supplement = SupplementRequest(
        items=["Bản sao giấy tờ thứ nhất", "Bản sao giấy tờ thứ hai"],
        reason="Hồ sơ thiếu giấy tờ theo quy định",
        requested_by=clerk,
        requested_at=now,
    )
    slip.apology = Apology(
        cause=LatenessCause(name="Sự cố phần mềm"),
        due_at=now,
        promised_at=now + timedelta(days=3),
        signed_by=clerk,
    )
    issuer = commune if kind in {"apology", "stop"} else counter
    source = Source(slip, dossier, issuer, form, timezone.localdate(now), now)
    return made_of(source, MARK)


def _dossier(commune: Agency, counter: Agency, clerk: User) -> Dossier:
    now = timezone.now()
    version = ProcedureVersion(name="Thủ tục mẫu", limit_value=5, limit_unit="working_day")
    holder = Party(kind=Party.Kind.PERSON, name="Nguyễn Thị Mẫu", email="mau@example.vn")
    dossier = Dossier(
        pk=0,  # as if stored: its papers and fees are asked for
        code=CODE,
        version=version,
        holder=holder,
        holder_name=holder.name,
        holder_address="Thôn Mẫu, xã Mẫu",
        lodged_at=counter,
        competent=commune,
        held_by=commune,
        accepted_at=now,
        original_due_at=now + timedelta(days=7),
        due_at=now + timedelta(days=7),
        ended_at=now,
        register_year=now.year,
        register_volume=1,
        register_number=1,
        closing_reason="Lý do mẫu, ghi cụ thể",
        is_demo=True,
    )
    papers = [
        DossierComponent(name=f"Giấy tờ mẫu số {n}", form="original", quantity=1) for n in (1, 2)
    ]
    run = StepRun(agency=commune, sent_by=clerk, officer=clerk, sent_at=now, acknowledged_at=now)
    dossier._prefetched_objects_cache = {  # type: ignore[attr-defined]
        "components": _rows(DossierComponent, papers),
        "fees": _rows(FeeDue, [FeeDue(name="Lệ phí", amount_vnd=10_000, state="due")]),
        "step_runs": _rows(StepRun, [run]),
        "opinions": _rows(StepRun, []),
    }
    dossier.acceptances = [DossierEvent(actor=clerk)]  # type: ignore[attr-defined]
    return dossier


def _rows(model: Any, rows: list[Any]) -> Any:
    """As if they had been read."""
    found = model.objects.none()
    found._result_cache = rows
    return found
