"""The tables of the work, by aggregate."""

from dossiers.models.clock import ClockSpan, Extension, SupplementRequest, Suspension
from dossiers.models.dossier import (
    Delivery,
    Dossier,
    DossierComponent,
    DossierCounter,
    FeeDue,
    ImportBatch,
    Payment,
    Status,
    StoredFile,
)
from dossiers.models.history import DossierEvent, MaskedView, TallyDelta
from dossiers.models.leg import Inheritance, Leg, Outcome, StepRun
from dossiers.models.party import Party

__all__ = [
    "ClockSpan",
    "Delivery",
    "Dossier",
    "DossierComponent",
    "DossierCounter",
    "DossierEvent",
    "Extension",
    "FeeDue",
    "ImportBatch",
    "Inheritance",
    "Leg",
    "MaskedView",
    "Outcome",
    "Party",
    "Payment",
    "Status",
    "StepRun",
    "StoredFile",
    "SupplementRequest",
    "Suspension",
    "TallyDelta",
]
