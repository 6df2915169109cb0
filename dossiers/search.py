"""Finding dossiers by what a clerk types: a name without accents, a code, a number, a phone.

A whole code, or the link of a scanned receipt (QR and Code 128), leads to the dossier itself.
"""

import re
from contextlib import suppress
from typing import Any
from uuid import UUID

from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db.models import Q
from django.db.models.functions import Reverse

from agencies.scope import Scope
from dossiers import parties
from dossiers.errors import PartyInvalid
from dossiers.models import Dossier, Party
from dossiers.querysets import DossierQuerySet
from motcua.text import clean, fold

_SHORT, _FEW = 4, 1000
_SEPARATORS = re.compile(r"[\s.()-]")
_CODE = re.compile(r"(?=.*\d)[A-Z0-9./-]{4,50}")
_ONLY_DIGITS = re.compile(r"\+?\d{9,13}")
# The end of one of our codes, day and number: no phone, though it has its digits.
_DAY_AND_NUMBER = re.compile(r"(?:.*\D)?\d{6}-\d{1,6}")
# The public look-up link that papers carry; whatever stands before it.
_LINK = re.compile(r"(?:.*/)?tra-cuu/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})/?", re.I)


def matching(dossiers: DossierQuerySet, typed: str) -> DossierQuerySet:
    """Numbers and phones are compared by their keyed hash: never read, never logged."""
    typed = clean(typed)
    looks_like_code = _DAY_AND_NUMBER.fullmatch(typed)
    if not looks_like_code and _ONLY_DIGITS.fullmatch(_SEPARATORS.sub("", typed)):
        return _by_number(dossiers, typed)
    if _CODE.fullmatch(typed.upper()):
        return _by_code(dossiers, typed.upper())
    return _by_name(dossiers, fold(typed))


def exactly(scope: Scope, typed: str) -> Dossier | None:
    """The one dossier that was named by its whole code or by the link on its paper."""
    typed = clean(typed)
    if link := _LINK.fullmatch(typed):
        return Dossier.objects.in_scope(scope).filter(public_id=UUID(link[1])).first()
    if len(typed) < 8 or not _CODE.fullmatch(typed.upper()):
        return None
    return Dossier.objects.in_scope(scope).filter(code__in={typed, typed.upper()}).first()


def _by_name(dossiers: DossierQuerySet, folded: str) -> DossierQuerySet:
    """Every word stands in the name, in any order; the last one may be only begun."""
    *whole, last = folded.split() or [""]
    named = dossiers.alias(words=SearchVector("holder_fold", config="simple"))
    if not last.isalnum():  # no word of a query as it stands
        return named.filter(words=SearchQuery(folded, config="simple"))
    wanted: Any = SearchQuery(f"{last}:*", config="simple", search_type="raw")
    if whole:
        wanted = SearchQuery(" ".join(whole), config="simple") & wanted
    # The second condition says nothing new, except to PostgreSQL's guess: told once only, it takes
    # a name for more frequent than it is, and walks down the list instead of asking the index.
    return named.filter(words=wanted, holder_fold__contains=last)


def _by_code(dossiers: DossierQuerySet, typed: str) -> DossierQuerySet:
    """By its beginning or, as people say it at the counter, by its last digits.

    More than four letters name few dossiers, which PostgreSQL cannot guess: these are found
    first, each half by its index, before the list's order is thought of.
    """
    halves = {"code__startswith": typed, "code_from_the_end__startswith": typed[::-1]}
    if len(typed) > _SHORT:
        found: list[int] = []
        for half, wanted in halves.items():
            codes = Dossier.objects.alias(code_from_the_end=Reverse("code"))
            found += codes.filter(**{half: wanted}).values_list("pk", flat=True)[: _FEW + 1]
        if len(found) <= _FEW:
            return dossiers.filter(pk__in=found)
    either = Q(code__startswith=typed) | Q(code_from_the_end__startswith=typed[::-1])
    return dossiers.alias(code_from_the_end=Reverse("code")).filter(either)


def _by_number(dossiers: DossierQuerySet, typed: str) -> DossierQuerySet:
    wanted = Q(pk__in=())
    for kind in Party.Kind.values:
        with suppress(PartyInvalid):
            wanted |= Q(kind=kind, citizen_id_hash=parties.number_hash(typed, kind))
    with suppress(PartyInvalid):
        wanted |= Q(phone_hash=parties.phone_hash(typed))
    found = list(Party.objects.filter(wanted).values_list("pk", flat=True)[:100])
    return dossiers.filter(Q(holder__in=found) | Q(applicant__in=found))
