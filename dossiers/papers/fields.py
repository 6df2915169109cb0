"""The fields that several papers have in common.

The citizen's number and phone are printed masked: a paper that is lost tells nobody.
"""

from django.conf import settings

from agencies.models import User
from dossiers.models import Dossier, Party
from dossiers.papers.content import Field, Source
from dossiers.secrets import decrypt, mask


def masked(cipher: bytes | memoryview | None) -> str:
    return mask(decrypt(bytes(cipher))) if cipher else ""


def you(source: Source) -> str:
    """How the paper addresses the holder."""
    is_person = source.dossier.holder.kind == Party.Kind.PERSON
    return "Ông (Bà)" if is_person else "quý cơ quan, tổ chức"


def request_of(dossier: Dossier) -> str:
    return dossier.summary or dossier.version.name


def in_sentence(text: str) -> str:
    """Without the capital of a beginning; names and abbreviations keep theirs.

    >>> in_sentence("Đăng ký khai sinh"), in_sentence("UBND xã")
    ('đăng ký khai sinh', 'UBND xã')
    """
    return text[:1].lower() + text[1:] if text[1:2].islower() else text


def lookup_link(dossier: Dossier) -> str:
    """The public look-up of the dossier: an unguessable id, nothing personal."""
    return f"{settings.PUBLIC_URL}/tra-cuu/{dossier.public_id}"


def submitter(dossier: Dossier) -> str:
    return dossier.applicant.name if dossier.applicant else dossier.holder_name


def contact(source: Source, about: str, person: User | None) -> str:
    """Whom to ask: the person at the counter, and the counter's own phone."""
    who = f"Ông (Bà) {person} ({source.issuer.name})" if person else source.issuer.name
    phone = f", số điện thoại {source.issuer.phone}" if source.issuer.phone else ""
    return f"{about} nếu có vướng mắc, {you(source)} liên hệ với {who}{phone} để được hướng dẫn."


HOLDER = Field("holder", "Tiếp nhận hồ sơ của", lambda s: s.dossier.holder_name)
ADDRESS = Field("address", "Địa chỉ", lambda s: s.dossier.holder_address)
PHONE = Field("phone", "Số điện thoại", lambda s: masked(s.dossier.holder.phone_cipher))
EMAIL = Field("email", "Email", lambda s: s.dossier.holder.email)
REQUEST = Field("request", "Nội dung yêu cầu giải quyết", lambda s: request_of(s.dossier))
