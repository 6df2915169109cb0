"""What every page of the portal knows: the demonstration banner and the functions of the user."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject

from agencies.models import Role, User
from agencies.staff import held_roles
from dossiers.offline import owner_of

STAFF = frozenset(Role.values)
FIGURES = STAFF - {Role.ADMINISTRATOR}
# Those through whose hands dossiers go; for the others work begins with figures.
WORKERS = frozenset({Role.CLERK, Role.OFFICER, Role.LEADER})
ROSTERS = frozenset({Role.CLERK, Role.LEADER, Role.ADMINISTRATOR})
IMPORTERS = frozenset({Role.ADMINISTRATOR, Role.LEADER})
# Those who look after how citizens are served.
LEADING = frozenset({Role.LEADER, Role.CONTROLLER, Role.INSPECTOR})


@dataclass(frozen=True)
class Entry:
    """One function of the portal: who sees it, and where it is."""

    title: str
    view: str
    roles: frozenset[str]
    prefix: str  # the addresses on which it is marked as current


# The most special prefix first: `/ho-so/tiep-nhan/` is intake, not the list of dossiers.
ENTRIES = (
    Entry("Việc của tôi", "dossiers:work", WORKERS, "/viec/"),
    Entry("Tiếp nhận", "dossiers:intake", WORKERS, "/tiep-nhan/"),
    Entry("Quá hạn", "dossiers:late", WORKERS, "/qua-han/"),
    Entry("Số liệu", "reports:figures", FIGURES, "/so-lieu/"),
    Entry("Báo cáo", "reports:list", FIGURES, "/bao-cao/"),
    Entry("Hồ sơ", "dossiers:list", STAFF, "/ho-so/"),
    Entry("Sổ theo dõi", "dossiers:register", STAFF, "/so-theo-doi/"),
    Entry("Thủ tục", "procedures:list", STAFF, "/thu-tuc/"),
    Entry("Lịch trực", "agencies:week", ROSTERS, "/lich-truc/"),
    Entry("Nhập hồ sơ", "dossiers:imports", IMPORTERS, "/nhap-ho-so/"),
    Entry("Đánh giá", "feedback:list", LEADING, "/danh-gia/"),
    Entry("Biểu mẫu", "dossiers:slip_forms", frozenset({Role.ADMINISTRATOR}), "/bieu-mau/"),
    Entry("Quản trị", "admin:index", frozenset({Role.ADMINISTRATOR}), "/admin/"),
)


@dataclass(frozen=True)
class Item:
    title: str
    url: str
    is_current: bool
    view: str = ""


@dataclass(frozen=True)
class Navigation:
    items: list[Item] = field(default_factory=list)
    # "Công chức một cửa, Ủy ban nhân dân xã …": what the user is, for the user's menu
    places: list[str] = field(default_factory=list)


def page(request: HttpRequest) -> dict[str, object]:
    """The context processor; navigation is read (one query) only by pages that print it."""
    return {
        "demo": settings.DEMO,
        "navigation": SimpleLazyObject(lambda: navigation(request)),
        "queue_owner": SimpleLazyObject(lambda: _queue_owner(request)),
    }


def _queue_owner(request: HttpRequest) -> str:
    """Tells the browser's queue whose page this is (dossiers.offline)."""
    user = getattr(request, "user", None)
    return owner_of(user) if isinstance(user, User) else ""


def navigation(request: HttpRequest) -> Navigation:
    held = held_roles(request) if hasattr(request, "user") else []
    places = [f"{Role(each.role).label}, {each.agency_name}" for each in held]
    is_staff = bool(getattr(getattr(request, "user", None), "is_staff", False))
    items = _items({each.role for each in held}, request.path, is_staff=is_staff)
    return Navigation(list(items), places)


def _items(roles: set[str], path: str, *, is_staff: bool) -> Iterable[Item]:
    for entry in ENTRIES:
        is_open = bool(entry.roles & roles) or (entry.view == "admin:index" and is_staff)
        url = _address(entry.view) if is_open else ""
        if url:
            yield Item(entry.title, url, path.startswith(entry.prefix), entry.view)


def _address(view: str) -> str:
    try:
        return reverse(view)
    except NoReverseMatch:
        return ""  # an app whose screens are not installed
