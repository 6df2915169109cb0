"""A list as somebody likes it (bộ lọc đã lưu): its filters and its order under a name; own only.

What was typed into the search is left out: a citizen's name or number stays in no table of ours.
"""

from django.db.models import QuerySet
from django.http import QueryDict
from django.urls import reverse

from agencies.models import User
from dossiers.errors import ViewInvalid
from dossiers.models import SavedView
from motcua.text import clean

ROUTES = ("dossiers:work", "dossiers:list", "dossiers:register")
MOST = 30
_NOT_KEPT = ("q", "after", "page")


def of(owner: User, route: str) -> QuerySet[SavedView]:
    return SavedView.objects.filter(owner=owner, route=route)


def save(owner: User, *, route: str, name: str, query: str) -> SavedView:
    """Under a name that there is already, the filters are replaced."""
    name = clean(name)[:80]
    if not name:
        raise ViewInvalid(fields={"name": "Hãy đặt tên cho bộ lọc."})
    if route not in ROUTES:
        raise ViewInvalid
    if not of(owner, route).filter(name=name).exists() and of(owner, route).count() >= MOST:
        raise ViewInvalid(f"Đã lưu {MOST} bộ lọc; hãy xóa bớt.")
    kept = _kept(query)
    view, _ = SavedView.objects.update_or_create(
        owner=owner, route=route, name=name, defaults={"query": kept}
    )
    return view


def address_of(view: SavedView) -> str:
    return f"{reverse(view.route)}?{view.query}"


def _kept(query: str) -> str:
    asked = QueryDict(query[:2000], mutable=True)
    for name in _NOT_KEPT:
        asked.pop(name, None)
    for name in [name for name, value in asked.items() if not value]:
        del asked[name]
    text = asked.urlencode()
    if len(text) > 1000:
        raise ViewInvalid("Bộ lọc quá dài.")
    return text
