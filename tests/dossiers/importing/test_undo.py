"""A whole import is undone while nothing was done on its dossiers; afterwards it is refused."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import ProgrammingError, connection, connections, transaction

from agencies.models import Agency, Succession, User
from dossiers import import_runs, withdrawal
from dossiers.errors import ImportInUse, ImportStep
from dossiers.importing.undoing import undo
from dossiers.models import (
    Apology,
    ClockSpan,
    Dossier,
    DossierEvent,
    FeeDue,
    ImportBatch,
    Inheritance,
    Leg,
    MaskedView,
    Party,
    RiskMark,
    TallyDelta,
)
from motcua import grants
from motcua.errors import DomainError
from procedures.models import ProcedureVersion
from reports import fold, recount
from tests import make
from tests.dossiers.importing import foreign
from tests.dossiers.importing.books import LATER
from tests.dossiers.importing.foreign import imported, line, worked
from tests.dossiers.test_parallel import at_once

pytestmark = pytest.mark.django_db

OPEN = {"Ngày có kết quả": None, "Ngày trả kết quả": None}
KEPT = (Dossier, Leg, ClockSpan, DossierEvent, FeeDue, Party, Inheritance)


@pytest.fixture
def commune() -> Agency:
    return make.agency()


@pytest.fixture
def version(commune: Agency) -> ProcedureVersion:
    return make.version(posted_at=commune)


@pytest.fixture
def user(commune: Agency) -> User:
    return foreign.importer(commune)


@contextmanager
def application() -> Iterator[Callable[..., Any]]:
    """The application's own database role, for what happens inside."""
    role = connection.ops.quote_name(settings.DATABASE_APP_ROLE)
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [settings.DATABASE_APP_ROLE])
        if cursor.fetchone() is None:
            cursor.execute(f"CREATE ROLE {role}")
        assert grants.apply()
        cursor.execute(f"SET ROLE {role}")
        yield cursor.execute
        cursor.execute("RESET ROLE")


def counts() -> list[int]:
    return [model._base_manager.count() for model in KEPT]


def test_nothing_is_left_and_figures_agree(
    commune: Agency, version: ProcedureVersion, user: User
) -> None:
    make.dossier(agency=commune, version=version, officer=make.staff(commune))
    before = counts()
    lines = [line(1, version), line(2, version, **OPEN)]
    run = imported(commune, user, lines)
    fold.fold_all()  # the counts hold it already
    import_runs.request_undo(run, actor=user)
    with application():
        worked(run)
    assert (run.state, run.report["removed"], run.undone_by) == ("undone", 2, user)
    assert counts() == before
    assert recount.compare().differences == []
    fold.fold_all()
    assert recount.compare().differences == []
    # The facts of the import stay.
    assert ImportBatch.objects.get().sha256


def test_what_heirs_took_over_goes_too(user: User) -> None:
    old = make.agency(valid_to=date(2024, 6, 30))
    new = make.agency(valid_from=date(2024, 7, 1))
    Succession.objects.create(
        predecessor=old, successor=new, kind="merge", effective_on=date(2024, 7, 1)
    )
    version = make.version(posted_at=old, limit_value=60)
    leader = foreign.importer(new)
    run = foreign.uploaded(new, leader, [line(1, version, **OPEN)])
    import_runs.map_columns(run, foreign.mapping(old), actor=leader, now=LATER)
    import_runs.request_check(run)
    worked(run)
    import_runs.request_import(run)
    worked(run)
    assert Inheritance.objects.count() == 1
    undo(run.batch_id or 0)
    assert counts() == [0] * len(KEPT)
    assert recount.compare().differences == []


def test_an_act_on_one_dossier_keeps_them_all(
    commune: Agency, version: ProcedureVersion, user: User
) -> None:
    run = imported(commune, user, [line(1, version, **OPEN), line(2, version)])
    clerk = make.staff(commune)
    _withdraw(Dossier.objects.get(code="HS-0001"), clerk)
    before, deltas = counts(), TallyDelta.objects.count()
    import_runs.request_undo(run, actor=user)
    worked(run)
    assert (run.state, run.error) == ("done", ImportInUse.message)
    assert (counts(), TallyDelta.objects.count()) == (before, deltas)


def test_whatever_refers_to_a_dossier_keeps_it(
    commune: Agency, version: ProcedureVersion, user: User
) -> None:
    run = imported(commune, user, [line(1, version)])
    dossier = Dossier.objects.get()
    MaskedView.objects.create(
        party=dossier.holder, dossier=dossier, what="citizen_id", viewer=user, at=LATER
    )
    with pytest.raises(ImportInUse):
        undo(run.batch_id or 0)
    assert Dossier.objects.count() == 1


def test_what_the_nights_drew_by_themselves_is_no_act(
    commune: Agency, version: ProcedureVersion, user: User
) -> None:
    run = imported(commune, user, [line(1, version, **OPEN)])
    dossier = Dossier.objects.get()
    RiskMark.objects.create(dossier=dossier, expected_at=LATER, reason="x", since=LATER)
    Apology.objects.create(dossier=dossier, due_at=LATER, drafted_at=LATER)
    assert undo(run.batch_id or 0) == 1
    assert (RiskMark.objects.count(), Apology.objects.count()) == (0, 0)


def test_known_parties_and_other_imports_stay(
    commune: Agency, version: ProcedureVersion, user: User
) -> None:
    first = imported(commune, user, [line(1, version)])
    again = imported(commune, user, [line(2, version, **{"Số CCCD": "051190120001"})])
    undo(first.batch_id or 0)
    assert list(Dossier.objects.values_list("code", flat=True)) == ["HS-0002"]
    assert Party.objects.count() == 1
    undo(again.batch_id or 0)
    assert Dossier.objects.count() == 0


def test_undone_twice_it_is_undone_once_and_may_come_again(
    commune: Agency, version: ProcedureVersion, user: User
) -> None:
    run = imported(commune, user, [line(1, version)])
    import_runs.request_undo(run, actor=user)
    worked(run)
    with pytest.raises(ImportStep):
        import_runs.request_undo(run, actor=user)
    worked(run)
    assert run.state == "undone"
    assert imported(commune, user, [line(1, version)]).report["inserted"] == 1
    assert recount.compare().differences == []


def test_the_application_deletes_events_through_this_door_only(
    commune: Agency, version: ProcedureVersion, user: User
) -> None:
    run = imported(commune, user, [line(1, version, **OPEN)])
    _withdraw(Dossier.objects.get(), make.staff(commune))
    with application() as execute:
        with pytest.raises(ProgrammingError), transaction.atomic():
            execute("DELETE FROM dossiers_dossierevent")
        execute("SELECT dossiers_undo_import(%s)", [run.batch_id])
        execute("SELECT dossiers_undo_import(%s)", [-1])
    assert Dossier.objects.count() == 1
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT has_function_privilege('public', 'dossiers_undo_import(bigint)', 'EXECUTE')"
        )
        assert cursor.fetchone() == (False,)


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
@pytest.mark.parametrize("seed", range(4))
def test_an_act_and_an_undo_at_once_have_one_winner(seed: int) -> None:
    commune = make.agency()
    version, user, clerk = (
        make.version(posted_at=commune),
        foreign.importer(commune),
        make.staff(commune),
    )
    run = imported(commune, user, [line(1, version, **OPEN), line(2, version, **OPEN)])
    dossier = Dossier.objects.get(code="HS-0002")

    def take_back() -> str:
        undo(run.batch_id or 0)
        return "undone"

    def act() -> str:
        try:
            _withdraw(dossier, clerk)
        except Dossier.DoesNotExist:
            return "gone"
        return "acted"

    jobs = [act, take_back] if seed % 2 else [take_back, act]
    done = {one if isinstance(one, str) else type(one).__name__ for one in at_once(jobs, workers=2)}
    assert done in ({"undone", "gone"}, {"ImportInUse", "acted"})
    assert Dossier.objects.count() == (0 if "undone" in done else 2)
    assert recount.compare().differences == []
    connections.close_all()


def _withdraw(dossier: Dossier, clerk: User) -> None:
    withdrawal.withdraw(
        dossier, actor=clerk, now=LATER.replace(hour=10), request_id=uuid4(), reason="Rút"
    )


def test_a_refusal_is_a_domain_error() -> None:
    assert issubclass(ImportInUse, DomainError)
