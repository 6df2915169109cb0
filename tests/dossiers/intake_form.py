"""The intake form of a procedure: where it is, and what a clerk fills in."""

from typing import Any
from uuid import uuid4

from agencies.models import Agency
from procedures.models import ProcedureVersion


def address(version: ProcedureVersion) -> str:
    return f"/tiep-nhan/{version.procedure.code}/"


def typed(version: ProcedureVersion, agency: Agency, **changed: Any) -> dict[str, Any]:
    """What a clerk fills in: everything complete."""
    fields: dict[str, Any] = {
        "intake_key": str(uuid4()),
        "agency": agency.pk,
        "channel": "direct",
        "delivery": "counter",
        "holder-kind": "person",
        "holder-name": "Nguyễn Thị Én",
        "holder-citizen_id": "079 090 001 234",
        "holder-phone": "0905 123 456",
    }
    for component in version.components.all():
        key = f"component_{component.pk}"
        fields |= {key: "on", f"{key}_form": "original", f"{key}_quantity": 1}
    return fields | changed
