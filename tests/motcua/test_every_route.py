"""Every address of the portal, asked for by nobody, by a stranger and by another unit's clerk."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from agencies.models import Agency
from dossiers import bulk, exporting, files, store
from dossiers.models import BulkRun, Dossier, Export, StoredPaper
from reports.models import Report, ReportBuild
from tests import make, papers_made

pytestmark = pytest.mark.django_db

# What a parameter of a route stands for; a route with a new one says here what it takes.
SAMPLES = {"pk": "999999", "kind": "csv", "act": "withdraw", "key": "x-y", "uidb36": "1"}
ADMIN = {"object_id": "1", "content_type_id": "1", "id": "1"}
# Pages for everyone who has signed in; nothing of a unit stands on them.
FOR_ALL_USERS = {"home"}
# Open to everybody: nothing of anybody stands there.
FOR_EVERYBODY = {"healthz", "dossiers:worker", "dossiers:offline_shell"}
# A page that opens for a unit named in the address.
QUERIES = {
    "reports:figures": {"agency": "{code}", "period": "2024-Q2", "calendar": "nd09"},
    "reports:cell": {"agency": "{code}", "period": "2024-Q2", "calendar": "nd09", "column": "c3"},
    "reports:api_figures": {"agency": "{code}", "period": "2024-Q2"},
}


@dataclass(frozen=True)
class Route:
    name: str
    parameters: frozenset[str]

    @property
    def is_admin(self) -> bool:
        return self.name.startswith("admin:")

    @property
    def is_account(self) -> bool:
        return self.name.startswith(("account_", "mfa_"))

    @property
    def is_api(self) -> bool:
        return ":api_" in self.name

    @property
    def is_of_one_unit(self) -> bool:
        return "public_id" in self.parameters or self.name in QUERIES


def _routes(patterns: Any = None, prefix: str = "") -> Iterator[Route]:
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{pattern.namespace}:" if pattern.namespace else ""
            yield from _routes(pattern.url_patterns, prefix + inner)
        elif isinstance(pattern, URLPattern) and pattern.name:
            groups = pattern.pattern.regex.groupindex
            parameters = frozenset({*pattern.pattern.converters, *groups})
            yield Route(prefix + pattern.name, parameters)


ROUTES = sorted(set(_routes()), key=lambda route: (route.name, sorted(route.parameters)))


@dataclass(frozen=True)
class World:
    """A unit with a dossier, a report and a build; and what must not be seen of them."""

    agency: Agency
    dossier: Dossier
    report: Report
    build: ReportBuild
    export: Export
    bulk: BulkRun
    paper: StoredPaper

    def address(self, route: Route) -> str:
        if route.name == "admin:app_list":
            return "/admin/agencies/"
        known = {
            **(ADMIN if route.is_admin else SAMPLES),
            "code": self.dossier.version.procedure.code,
            "public_id": self._public_id(route.name),
        }
        if route.name == "reports:file":
            known["kind"] = "pdf"
        return reverse(route.name, kwargs={each: known[each] for each in route.parameters})

    def query(self, route: Route) -> dict[str, str]:
        wanted = QUERIES.get(route.name, {})
        return {key: value.format(code=self.agency.code) for key, value in wanted.items()}

    def shows_in(self, answer: Any) -> bool:
        if answer.streaming:
            return True
        hidden = (self.dossier.code, self.dossier.public_id, self.dossier.holder_name)
        return any(str(each).encode() in answer.content for each in hidden)

    def _public_id(self, name: str) -> object:
        if name in {"dossiers:file", "dossiers:thumbnail"}:
            return self.paper.file.public_id
        if name == "dossiers:stored_paper":
            return self.paper.public_id
        if name in {"reports:progress", "reports:file"}:
            return self.build.public_id
        if name in {"dossiers:export_progress", "dossiers:export_file"}:
            return self.export.public_id
        if name.startswith("dossiers:bulk_"):
            return self.bulk.public_id
        return (self.report if name.startswith("reports:") else self.dossier).public_id


@pytest.fixture
def world() -> World:
    agency = make.agency("Ủy ban nhân dân xã Kín Đáo")
    report = Report.objects.create(
        kind="district_quarter", agency=agency, period="2024-Q2", created_at=make.NOW
    )
    build = ReportBuild.objects.create(report=report, requested_at=make.NOW)
    holder = make.person("Trương Thị Bí Mật", citizen_id="079090001234", phone="0905123456")
    dossier = make.dossier(agency=agency, version=make.version(posted_at=agency), holder=holder)
    owner = make.user(at=agency)
    export = exporting.request(owner, kind="list", format="csv", query="", now=make.NOW)
    run = bulk.start(
        owner, "print", {}, [(dossier.pk, dossier.status)], now=make.NOW, request_id=uuid4()
    )
    file = files.store(BytesIO(papers_made.pdf()), "a.pdf", stored_by=None, now=make.NOW)
    dossier.components.create(position=1, name="Tờ khai", form="original", file=file)
    store.keep(file, make.NOW)
    paper = StoredPaper.objects.get()
    return World(agency, dossier, report, build, export, run, paper)


def _nobody(route: Route) -> set[int] | None:
    """The answers that are right; None: any that shows nothing and is no crash."""
    if route.name in FOR_EVERYBODY or route.is_account:
        return None
    return {403} if route.is_api else {302}


def _stranger(route: Route) -> set[int] | None:
    if route.name in FOR_EVERYBODY | FOR_ALL_USERS or route.is_account:
        return None
    return {302, 403} if route.is_admin else {403, 404, 405}


def _other_clerk(route: Route) -> set[int] | None:
    return {403, 404, 405, 422} if route.is_of_one_unit and not route.is_admin else None


@pytest.mark.parametrize("who", [_nobody, _stranger, _other_clerk])
def test_every_route_is_closed_to_others(
    world: World, who: Callable[[Route], set[int] | None]
) -> None:
    at = make.agency() if who is _other_clerk else None
    signed_in = None if who is _nobody else make.user(at=at)
    wrong = []
    for route in ROUTES:
        client = Client()
        if signed_in:
            client.force_login(signed_in)
        address, right = world.address(route), who(route)
        for answer in (client.get(address, world.query(route)), client.post(address)):
            if right is not None and answer.status_code not in right:
                wrong.append(f"{route.name}: {answer.status_code}")
            if answer.status_code >= 500 and route.name != "healthz":
                wrong.append(f"{route.name}: a crash")
            if world.shows_in(answer):
                wrong.append(f"{route.name}: shows what is not theirs")
            if right == {302} and "/login/" not in answer.get("Location", ""):
                wrong.append(f"{route.name}: not sent to sign in")
    assert not wrong


def test_the_walk_knows_the_portal() -> None:
    names = {route.name for route in ROUTES}
    assert {"home", "dossiers:detail", "procedures:list", "account_login"} <= names
    assert len(names) > 50
