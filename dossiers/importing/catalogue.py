"""What the rows of a file refer to: agencies, procedures, rule sets and postings, by day.

Everything is read once (postings and versions once per procedure) and looked up in memory:
100,000 rows cost a few dozen queries.
"""

from collections import defaultdict
from datetime import date
from functools import cached_property

from agencies.models import Agency, Kind, Level, Succession
from calendars.loading import working_time
from calendars.models import Calendar
from calendars.working_time import WorkingTime
from dossiers.importing.competence import Competence
from dossiers.importing.faults import Wrong
from procedures.models import ProcedureVersion, RuleSet

# How many digits the GSO code of a unit has (Tổng cục Thống kê).
_LEVEL_OF_DIGITS = {2: Level.PROVINCE, 3: Level.DISTRICT, 5: Level.COMMUNE}


class Catalogue:
    def __init__(self) -> None:
        self.by_code: dict[str, Agency] = {}
        self.by_id: dict[int, Agency] = {}
        self._by_gso: defaultdict[tuple[str, str], list[Agency]] = defaultdict(list)
        self._counters: defaultdict[int, list[Agency]] = defaultdict(list)
        for agency in Agency.objects.order_by("pk"):
            self._keep(agency)
        self._versions: dict[str, list[ProcedureVersion]] = {}
        self._competence = Competence(self.by_id)
        self._found: dict[tuple[str, date, bool], Agency] = {}

    def _keep(self, agency: Agency) -> None:
        self.by_code[agency.code] = self.by_id[agency.pk] = agency
        if agency.kind == Kind.COMMITTEE and agency.gso_code:
            self._by_gso[agency.gso_code, agency.level].append(agency)
        if agency.kind == Kind.COUNTER and agency.committee_id:
            self._counters[agency.committee_id].append(agency)

    def agency(self, text: str, day: date, column: str, *, at_counter: bool = False) -> Agency:
        """By e-identifier, or by the GSO code that a unit had on `day`; refuses all others.

        A GSO code means the unit's people's committee; with `at_counter` (where a dossier is
        lodged) the committee's one-stop counter, when it has one.
        """
        key = (text, day, at_counter)
        found = self._found.get(key)
        if found is None:
            found = self._found[key] = self._find_agency(text, day, column, at_counter=at_counter)
        return found

    def _find_agency(self, text: str, day: date, column: str, *, at_counter: bool) -> Agency:
        agency = self.by_code.get(text)
        if agency is not None:
            if not agency.is_valid_on(day):
                raise Wrong(column, f"Cơ quan “{text}” không còn hoặc chưa có vào {day:%d/%m/%Y}.")
            return agency
        level = _LEVEL_OF_DIGITS.get(len(text)) if text.isdecimal() else None
        known = self._by_gso.get((text, level), []) if level else []
        if not known:
            raise Wrong(column, f"Không có cơ quan nào có mã “{text}”.")
        committee = next((one for one in known if one.is_valid_on(day)), None)
        if committee is None:
            raise Wrong(column, f"Mã “{text}” không chỉ cơ quan nào vào ngày {day:%d/%m/%Y}.")
        counters = self._counters[committee.pk] if at_counter else []
        return next((one for one in counters if one.is_valid_on(day)), committee)

    def is_same_or_heir(self, agency: Agency, other: Agency) -> bool:
        """Whether both belong to one people's committee, or `agency` to one that took over."""
        return _body(agency) in self._body_and_heirs(_body(other))

    def _body_and_heirs(self, body: int) -> set[int]:
        found, ahead = set(), [body]
        while ahead:
            pk = ahead.pop()
            if pk not in found:
                found.add(pk)
                ahead.extend(self._heirs[pk])
        return found

    def version(self, code: str, day: date) -> ProcedureVersion:
        """The published version in force on `day`; refuses unknown codes and other days."""
        versions = self._versions.get(code)
        if versions is None:
            versions = self._versions[code] = list(
                ProcedureVersion.objects.filter(procedure__code=code, status="published")
                .select_related("procedure", "field__block")
                .prefetch_related("fees", "steps")
            )
        if not versions:
            raise Wrong("procedure", f"Không có thủ tục “{code}”.")
        for version in versions:
            if version.is_in_force(day):
                return version
        raise Wrong(
            "procedure", f"Thủ tục “{code}” không có phiên bản có hiệu lực ngày {day:%d/%m/%Y}."
        )

    def competent(self, version: ProcedureVersion, lodged_at: Agency, day: date) -> Agency:
        """As `procedures.competence.competent_agency` finds it."""
        found = self._competence.of(version.procedure_id, lodged_at, day)
        if found is None:
            raise Wrong(
                "competent_agency",
                "Không có cơ quan nào niêm yết thủ tục này vào ngày tiếp nhận; ghi rõ cơ quan.",
            )
        return found

    def rule_set(self, day: date) -> RuleSet:
        for rule_set in self._rule_sets:
            if rule_set.effective_on <= day:
                return rule_set
        raise Wrong("accepted_at", f"Không có bộ quy định nào cho ngày {day:%d/%m/%Y}.")

    def working_time(self, agency: Agency) -> WorkingTime:
        return self._working_times[agency.calendar_id]

    @cached_property
    def _heirs(self) -> defaultdict[int, list[int]]:
        heirs: defaultdict[int, list[int]] = defaultdict(list)
        for was, heir in Succession.objects.values_list("predecessor", "successor"):
            heirs[_body(self.by_id[was])].append(_body(self.by_id[heir]))
        return heirs

    @cached_property
    def _rule_sets(self) -> list[RuleSet]:
        return list(RuleSet.objects.order_by("-effective_on"))

    @cached_property
    def _working_times(self) -> dict[int, WorkingTime]:
        return {calendar.pk: working_time(calendar) for calendar in Calendar.objects.all()}


def _body(agency: Agency) -> int:
    """The people's committee to which an agency belongs, or the agency itself."""
    return agency.committee_id or agency.pk
