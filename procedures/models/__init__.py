"""What may be asked for: rule sets of the law and the catalogue of procedures in time."""

from procedures.models.parts import Channel, Component, FeeRate, Step
from procedures.models.posting import Posting
from procedures.models.rules import Block, Decision, ProcedureField, RuleSet
from procedures.models.version import Procedure, ProcedureVersion

__all__ = [
    "Block",
    "Channel",
    "Component",
    "Decision",
    "FeeRate",
    "Posting",
    "Procedure",
    "ProcedureField",
    "ProcedureVersion",
    "RuleSet",
    "Step",
]
