"""The tables of the work, by aggregate."""

from dossiers.models.clock import ClockSpan, Extension, SupplementRequest, Suspension
from dossiers.models.dossier import (
    OPEN,
    Capacity,
    Delivery,
    Dossier,
    ImportBatch,
    Payment,
    Status,
)
from dossiers.models.drafts import IntakeDraft
from dossiers.models.fees import FeeDue
from dossiers.models.files import DossierComponent, StoredFile
from dossiers.models.history import DossierEvent, MaskedView, TallyDelta
from dossiers.models.jobs import (
    BulkItem,
    BulkRun,
    Export,
    ImportMapping,
    ImportRun,
    JobState,
    SavedView,
)
from dossiers.models.lateness import (
    Apology,
    LatenessCause,
    RiskMark,
    WarningGiven,
    WarningPolicy,
)
from dossiers.models.leg import Inheritance, Leg, Outcome, StepRun
from dossiers.models.opinions import Opinion
from dossiers.models.party import Party
from dossiers.models.results import Handover, Result, StoredPaper
from dossiers.models.slips import (
    DossierCounter,
    RegisterClosing,
    RegisterCounter,
    Slip,
    SlipCounter,
    SlipForm,
    SlipKind,
    SlipPrint,
)

__all__ = [
    "OPEN",
    "Apology",
    "BulkItem",
    "BulkRun",
    "Capacity",
    "ClockSpan",
    "Delivery",
    "Dossier",
    "DossierComponent",
    "DossierCounter",
    "DossierEvent",
    "Export",
    "Extension",
    "FeeDue",
    "Handover",
    "ImportBatch",
    "ImportMapping",
    "ImportRun",
    "Inheritance",
    "IntakeDraft",
    "JobState",
    "LatenessCause",
    "Leg",
    "MaskedView",
    "Opinion",
    "Outcome",
    "Party",
    "Payment",
    "RegisterClosing",
    "RegisterCounter",
    "Result",
    "RiskMark",
    "SavedView",
    "Slip",
    "SlipCounter",
    "SlipForm",
    "SlipKind",
    "SlipPrint",
    "Status",
    "StepRun",
    "StoredFile",
    "StoredPaper",
    "SupplementRequest",
    "Suspension",
    "TallyDelta",
    "WarningGiven",
    "WarningPolicy",
]
