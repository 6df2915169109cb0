"""What the catalogue and the office say of a request, and whether it may be taken in."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, F, OuterRef, Subquery, Value
from django.db.models.functions import JSONObject
from django.utils import timezone

from agencies.models import User
from dossiers import errors, permission
from dossiers.models import Delivery, Dossier, DossierComponent, FeeDue, StoredFile
from dossiers.requests import IntakeRequest
from procedures.models import Channel, Component, FeeRate, ProcedureVersion, RuleSet


@dataclass(frozen=True)
class Grounds:
    rule_set: RuleSet | None
    block_id: int
    # id → (name, is it required)
    components: dict[int, tuple[str, bool]]
    fees: list[FeeDue]
    file_ids: frozenset[int]
    first_id: int | None
    is_staff: bool


def read(request: IntakeRequest, actor: User | None, now: datetime) -> Grounds:
    """One statement."""
    rule_set, block_id, components, fees, files, first_id, is_staff = (
        ProcedureVersion.objects.filter(pk=request.version.pk)
        .order_by()
        .values_list(
            _rule_set(timezone.localdate(now)),
            F("field__block"),
            _components(),
            _fees(),
            _files(request, actor),
            _first(request),
            _is_staff(request, actor, now),
        )
        .get()
    )
    return Grounds(
        RuleSet(**rule_set) if rule_set else None,
        block_id,
        {one["pk"]: (one["name"], one["required"]) for one in components},
        _fees_due(fees, request.channel),
        frozenset(files or ()),
        first_id,
        is_staff,
    )


def check(request: IntakeRequest, grounds: Grounds, now: datetime) -> None:
    """Refuse what the law or the catalogue forbids; nothing has been written yet."""
    day = timezone.localdate(now)
    if not request.agency.is_valid_on(day):
        raise errors.AgencyClosed
    if not request.version.is_in_force(day):
        raise errors.VersionNotInForce
    if grounds.rule_set is None:
        raise errors.NoRuleSet
    if request.channel not in Channel.values or request.delivery not in Delivery.values:
        raise errors.ChannelInvalid
    _check_submission(request, now)
    _check_components(request, grounds)


def papers(request: IntakeRequest, grounds: Grounds) -> list[DossierComponent]:
    """The components as rows, in the order given; a listed paper keeps its listed name."""
    return [
        DossierComponent(
            component_id=given.component_id,
            position=position,
            name=grounds.components[given.component_id][0] if given.component_id else given.name,
            form=given.form,
            quantity=given.quantity,
            file_id=given.file_id,
        )
        for position, given in enumerate(request.components, 1)
    ]


def _check_submission(request: IntakeRequest, now: datetime) -> None:
    submitted_at = request.submitted_at
    if submitted_at is None:
        return
    if request.channel != Channel.ONLINE or submitted_at > now:
        raise errors.SubmissionInvalid


def _check_components(request: IntakeRequest, grounds: Grounds) -> None:
    for given in request.components:
        if given.component_id is not None and given.component_id not in grounds.components:
            raise errors.UnknownComponent
        if not given.name and given.component_id is None:
            raise errors.UnknownComponent("Cần ghi tên của giấy tờ ngoài danh mục.")
        if given.form not in DossierComponent.Form.values or not 1 <= given.quantity <= 1000:
            raise errors.UnknownComponent("Loại giấy tờ hoặc số lượng không hợp lệ.")
        if given.file_id is not None and given.file_id not in grounds.file_ids:
            raise errors.FileRefused("Tệp đính kèm không còn; hãy tải lên lại.")
    handed_in = {given.component_id for given in request.components}
    missing = {
        pk: name
        for pk, (name, required) in grounds.components.items()
        if required and pk not in handed_in
    }
    if missing:
        raise errors.MissingComponents(
            f"Hồ sơ thiếu: {'; '.join(missing.values())}.",
            fields={f"component_{pk}": "Giấy tờ bắt buộc, chưa nộp." for pk in missing},
        )


def _rule_set(day: date) -> Subquery:
    latest = RuleSet.objects.filter(effective_on__lte=day).order_by("-effective_on")
    return Subquery(latest.values(row=JSONObject(pk="pk", code_format="code_format"))[:1])


def _components() -> ArraySubquery:
    listed = Component.objects.filter(version=OuterRef("pk")).order_by("position")
    return ArraySubquery(
        listed.values(row=JSONObject(pk="pk", name="name", required="is_required"))
    )


def _fees() -> ArraySubquery:
    # The rate of the channel itself comes last and wins.
    rates = FeeRate.objects.filter(version=OuterRef("pk")).order_by("channel", "pk")
    columns = JSONObject(name="name", channel="channel", amount="amount_vnd", ground="ground")
    return ArraySubquery(rates.values(row=columns))


def _files(request: IntakeRequest, actor: User | None) -> ArraySubquery:
    """Uploaded by the same user and handed in with no dossier yet: nobody attaches another's."""
    wanted = [one.file_id for one in request.components if one.file_id is not None]
    own = StoredFile.objects.filter(pk__in=wanted, stored_by=actor, components__isnull=True)
    return ArraySubquery(own.values("pk"))


def _first(request: IntakeRequest) -> Subquery:
    first = Dossier.objects.filter(lodged_at=request.agency, intake_key=request.intake_key)
    return Subquery(first.values("pk")[:1])


def _is_staff(request: IntakeRequest, actor: User | None, now: datetime) -> Exists | Value:
    if actor is None or not actor.is_active:
        return Value(False)  # noqa: FBT003 - an SQL value
    held = permission.appointments(actor, [request.agency], permission.STAFF, now)
    return Exists(held)


def _fees_due(rates: Iterable[dict[str, Any]], channel: str) -> list[FeeDue]:
    """One fee of each name: at the channel's own rate, else at the general one."""
    by_name = {rate["name"]: rate for rate in rates if rate["channel"] in {"", channel}}
    return [
        FeeDue(name=name, amount_vnd=rate["amount"], ground=rate["ground"])
        for name, rate in by_name.items()
        if rate["amount"]
    ]
