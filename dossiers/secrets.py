"""Citizens' numbers and phones at rest: the cipher of `motcua.secrets`."""

from motcua.secrets import (
    Unreadable,
    current_key_id,
    decrypt,
    encrypt,
    key_id_of,
    keyed_hash,
    mask,
)

__all__ = [
    "Unreadable",
    "current_key_id",
    "decrypt",
    "encrypt",
    "key_id_of",
    "keyed_hash",
    "mask",
]
