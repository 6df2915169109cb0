"""Personal data at rest: encrypted, searchable by a keyed hash, masked in lists.

AES-256-GCM; the ciphertext carries the id of its key, so that keys rotate one by one:
put the new key first in FIELD_KEYS, run `rotate_field_keys`, then drop the old one. The hash key
is apart (FIELD_HASH_KEY): it cannot rotate without reading every value anew.
Layout: version (1 byte) · length of the key id (1) · key id · nonce (12) · ciphertext with tag.
"""

import base64
import hashlib
import hmac
import os
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

_VERSION = 1
_NONCE = 12


class Unreadable(Exception):
    """A ciphertext that no key of ours opens: a bug or a lost key, never a business refusal."""


def encrypt(text: str) -> bytes:
    key_id = current_key_id()
    header = bytes([_VERSION, len(key_id)]) + key_id.encode()
    nonce = os.urandom(_NONCE)
    return header + nonce + _keys()[key_id].encrypt(nonce, text.encode(), header)


def decrypt(cipher: bytes | memoryview) -> str:
    cipher = bytes(cipher)
    key_id, body = key_id_of(cipher), 2 + cipher[1]
    key = _keys().get(key_id)
    if key is None:
        raise Unreadable(f"no key {key_id!r} in FIELD_KEYS")
    nonce = cipher[body : body + _NONCE]
    try:
        return key.decrypt(nonce, cipher[body + _NONCE :], cipher[:body]).decode()
    except InvalidTag as error:
        raise Unreadable("the ciphertext was changed") from error


def keyed_hash(text: str) -> bytes:
    """Over the normalised value: the same number is found however it was typed."""
    key = hashlib.sha256(settings.FIELD_HASH_KEY.encode()).digest()
    return hmac.digest(key, text.encode(), "sha256")


def mask(text: str) -> str:
    """`0512•••••123`: enough to recognise, too little to use."""
    if len(text) < 9:
        return "•" * len(text)
    return text[:4] + "•" * (len(text) - 7) + text[-3:]


def key_id_of(cipher: bytes | memoryview) -> str:
    cipher = bytes(cipher[:64])
    if len(cipher) < 2 or cipher[0] != _VERSION:
        raise Unreadable("not one of our ciphertexts")
    return cipher[2 : 2 + cipher[1]].decode()


def current_key_id() -> str:
    return next(iter(_keys()))


def _keys() -> dict[str, AESGCM]:
    return _read(tuple(settings.FIELD_KEYS))


@lru_cache(maxsize=4)
def _read(entries: tuple[str, ...]) -> dict[str, AESGCM]:
    keys = {}
    for entry in entries:
        key_id, _, encoded = entry.partition(":")
        key = base64.b64decode(encoded)
        if not key_id or len(key_id) > 32 or len(key) != 32:
            raise ImproperlyConfigured(
                "FIELD_KEYS: id:base64 of 32 bytes, …; the id up to 32 letters"
            )
        keys[key_id] = AESGCM(key)
    if not keys:
        raise ImproperlyConfigured("FIELD_KEYS is empty")
    return keys
