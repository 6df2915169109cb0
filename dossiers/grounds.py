"""What the catalogue and the office say of a request, and whether it may be taken in."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.utils import timezone

from agencies.models import User
from dossiers import errors, permission
from dossiers.models import Capacity, Delivery, DossierComponent, FeeDue, Party
from dossiers.requests import IntakeRequest
from dossiers.secrets import keyed_hash
from procedures.models import Channel, ProcedureVersion, RuleSet


@dataclass(frozen=True)
class Grounds:
    rule_set: RuleSet | None
    block_id: int
    # id → (name, is it required)
    components: dict[int, tuple[str, bool]]
    fees: list[FeeDue]
    file_ids: frozenset[int]
    # id of a paper in the holder's own store → its file
    stored: dict[int, int]
    first_id: int | None
    is_staff: bool


# The channel's own rate comes last and wins. A file belongs to whoever uploaded it, and to one
# dossier: nobody attaches another's. A stored paper is its own holder's, known by number.
_SQL = """
    SELECT
        (SELECT json_build_object('pk', id, 'code_format', code_format) FROM procedures_ruleset
         WHERE effective_on <= %(day)s ORDER BY effective_on DESC LIMIT 1),
        field.block_id,
        (SELECT json_agg(json_build_array(id, name, is_required) ORDER BY position)
         FROM procedures_component WHERE version_id = version.id),
        (SELECT json_agg(json_build_array(name, channel, amount_vnd, ground) ORDER BY channel, id)
         FROM procedures_feerate WHERE version_id = version.id),
        ARRAY(SELECT id FROM dossiers_storedfile file
              WHERE id = ANY(%(files)s::bigint[]) AND stored_by_id = %(actor)s
              AND retention = 'temporary'
              AND NOT EXISTS (SELECT FROM dossiers_dossiercomponent WHERE file_id = file.id)),
        (SELECT json_agg(json_build_array(paper.id, paper.file_id))
         FROM dossiers_storedpaper paper JOIN dossiers_party party ON party.id = paper.party_id
         WHERE paper.id = ANY(%(reused)s::bigint[]) AND party.kind = %(kind)s
         AND party.citizen_id_hash = %(holder)s),
        (SELECT id FROM dossiers_dossier
         WHERE lodged_at_id = %(agency)s AND intake_key = %(key)s),
        EXISTS (SELECT FROM agencies_appointment
                WHERE user_id = %(actor)s AND role = ANY(%(roles)s) AND agency_id = ANY(%(places)s)
                AND valid_from <= %(day)s AND (valid_to IS NULL OR valid_to >= %(day)s))
    FROM procedures_procedureversion version
    JOIN procedures_procedurefield field ON field.id = version.field_id
    WHERE version.id = %(version)s
"""


def read(request: IntakeRequest, actor: User | None, now: datetime) -> Grounds:
    """One statement, written out: building it anew each time cost more than running it."""
    known = actor if actor is not None and actor.is_active else None
    with connection.cursor() as cursor:
        cursor.execute(
            _SQL,
            {
                "day": timezone.localdate(now),
                "files": [one.file_id for one in request.components if one.file_id is not None],
                "reused": [one.reused_id for one in request.components if one.reused_id],
                "kind": request.holder.kind,
                "holder": keyed_hash(number) if (number := request.holder.citizen_id) else None,
                "actor": known.pk if known else None,
                "agency": request.agency.pk,
                "key": request.intake_key,
                "roles": list(permission.STAFF),
                "places": sorted(permission.with_committees([request.agency])),
                "version": request.version.pk,
            },
        )
        rule_set, block_id, components, fees, files, stored, first_id, is_staff = cursor.fetchone()
    return Grounds(
        RuleSet(**rule_set) if rule_set else None,
        block_id,
        {pk: (name, required) for pk, name, required in components or ()},
        fees_due(fees or (), request.channel),
        frozenset(files),
        dict(stored or ()),
        first_id,
        is_staff,
    )


def check(
    request: IntakeRequest, grounds: Grounds, now: datetime, *, is_complete: bool = True
) -> None:
    """Refuse what the law or the catalogue forbids; nothing has been written yet.

    A dossier that is not taken in (Mẫu 02, Mẫu 03) may lack papers.
    """
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
    _check_capacity(request)
    _check_components(request, grounds)
    if is_complete:
        _check_complete(request, grounds)


def papers(request: IntakeRequest, grounds: Grounds) -> list[DossierComponent]:
    """The components as rows, in the order given; a listed paper keeps its listed name."""
    return [
        DossierComponent(
            component_id=given.component_id,
            position=position,
            name=grounds.components[given.component_id][0] if given.component_id else given.name,
            form=given.form,
            quantity=given.quantity,
            file_id=grounds.stored[given.reused_id] if given.reused_id else given.file_id,
            reused_from_id=given.reused_id,
        )
        for position, given in enumerate(request.components, 1)
    ]


def _check_submission(request: IntakeRequest, now: datetime) -> None:
    submitted_at = request.submitted_at
    if submitted_at is None:
        return
    if request.channel != Channel.ONLINE or submitted_at > now:
        raise errors.SubmissionInvalid


def _check_capacity(request: IntakeRequest) -> None:
    capacity, helper = request.capacity, request.assisted_by_id
    if capacity not in Capacity.values or (capacity == Capacity.ASSISTED) == (helper is None):
        raise errors.CapacityInvalid
    if capacity == Capacity.ASSISTED and request.channel != Channel.ONLINE:
        raise errors.CapacityInvalid("Hỗ trợ nộp trực tuyến thì kênh tiếp nhận là trực tuyến.")
    if capacity == Capacity.AUTHORISED and request.applicant is None:
        raise errors.CapacityInvalid("Cần ghi người được ủy quyền nộp hồ sơ.")
    if capacity == Capacity.ORGANISATION and request.holder.kind != Party.Kind.ORGANISATION:
        raise errors.CapacityInvalid("Nộp cho tổ chức thì chủ hồ sơ là tổ chức.")


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
        if given.reused_id is not None and given.reused_id not in grounds.stored:
            raise errors.FileRefused("Giấy tờ dùng lại không thuộc kho của chủ hồ sơ.")


def missing(request: IntakeRequest, components: Mapping[int, tuple[str, bool]]) -> dict[int, str]:
    """The required papers that were not handed in, by id."""
    handed_in = {given.component_id for given in request.components}
    return {
        pk: name for pk, (name, required) in components.items() if required and pk not in handed_in
    }


def _check_complete(request: IntakeRequest, grounds: Grounds) -> None:
    if lacking := missing(request, grounds.components):
        raise errors.MissingComponents(
            f"Hồ sơ thiếu: {'; '.join(lacking.values())}.",
            fields={f"component_{pk}": "Giấy tờ bắt buộc, chưa nộp." for pk in lacking},
        )


def fees_of(version: ProcedureVersion, channel: str) -> list[FeeDue]:
    """What acceptance would book, of a version whose fees are at hand."""
    rates = sorted(version.fees.all(), key=lambda rate: (rate.channel, rate.pk))
    return fees_due(
        ((rate.name, rate.channel, rate.amount_vnd, rate.ground) for rate in rates), channel
    )


def fees_due(rates: Iterable[tuple[str, str, int, str]], channel: str) -> list[FeeDue]:
    """One fee of each name: at the channel's own rate, else at the general one."""
    by_name = {name: (amount, ground) for name, of, amount, ground in rates if of in {"", channel}}
    return [
        FeeDue(name=name, amount_vnd=amount, ground=ground)
        for name, (amount, ground) in by_name.items()
        if amount
    ]
