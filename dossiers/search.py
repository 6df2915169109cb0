"""Finding dossiers by what a clerk types: a name without accents, a code, a number, a phone."""

import re
from contextlib import suppress

from django.db.models import Q

from dossiers import parties
from dossiers.errors import PartyInvalid
from dossiers.models import Party
from dossiers.querysets import DossierQuerySet
from motcua.text import clean, fold

_SEPARATORS = re.compile(r"[\s.()-]")
_CODE = re.compile(r"(?=.*\d)[A-Z0-9.-]{6,50}")
_ONLY_DIGITS = re.compile(r"\+?\d{9,13}")


def matching(dossiers: DossierQuerySet, typed: str) -> DossierQuerySet:
    """Numbers and phones are compared by their keyed hash: never read, never logged."""
    typed = clean(typed)
    if _ONLY_DIGITS.fullmatch(_SEPARATORS.sub("", typed)):
        return _by_number(dossiers, typed)
    if _CODE.fullmatch(typed.upper()):
        return dossiers.filter(code__startswith=typed.upper())
    for word in fold(typed).split():
        dossiers = dossiers.filter(holder_fold__contains=word)
    return dossiers


def _by_number(dossiers: DossierQuerySet, typed: str) -> DossierQuerySet:
    wanted = Q(pk__in=())
    for kind in Party.Kind.values:
        with suppress(PartyInvalid):
            wanted |= Q(kind=kind, citizen_id_hash=parties.number_hash(typed, kind))
    with suppress(PartyInvalid):
        wanted |= Q(phone_hash=parties.phone_hash(typed))
    found = list(Party.objects.filter(wanted).values_list("pk", flat=True)[:100])
    return dossiers.filter(Q(holder__in=found) | Q(applicant__in=found))
