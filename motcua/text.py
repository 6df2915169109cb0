"""Vietnamese text: one spelling (NFC), a folded form for search, a key for sorting."""

import re
import unicodedata
from functools import lru_cache

from django import forms

# The order of Vietnamese letters: a ă â b c d đ e ê … ; tones sort after the letter itself.
_LETTERS = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_RANK = {letter: chr(0x61 + rank) for rank, letter in enumerate(_LETTERS)}
# Tone marks in dictionary order: none, huyền, hỏi, ngã, sắc, nặng.
_TONES = {"\u0300": "1", "\u0309": "2", "\u0303": "3", "\u0301": "4", "\u0323": "5"}
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]")


def clean(text: str) -> str:
    """NFC, without control characters, runs of blanks made one."""
    return " ".join(_CONTROL.sub("", unicodedata.normalize("NFC", text)).split())


def fold(text: str) -> str:
    """The form that search compares: lower case, no accents, đ as d."""
    decomposed = unicodedata.normalize("NFD", clean(text).lower())
    bare = "".join(char for char in decomposed if not unicodedata.combining(char))
    return bare.replace("đ", "d")


def sort_key(text: str) -> str:
    """A key whose byte order is the Vietnamese dictionary order, word by word."""
    return " ".join(_word_key(word) for word in clean(text).lower().split())


@lru_cache(maxsize=5_000)  # names share their words
def _word_key(word: str) -> str:
    letters, tones = [], []
    for char in unicodedata.normalize("NFD", word):
        if char in _TONES:
            tones.append(_TONES[char])
        else:
            letters.append(char)
    base = unicodedata.normalize("NFC", "".join(letters))
    return "".join(_RANK.get(char, char) for char in base) + "".join(tones)


class VietnameseCharField(forms.CharField):
    """A text field whose value is always NFC and clean."""

    def to_python(self, value: object) -> str:
        return clean(super().to_python(value) or "")


class VietnameseTextField(forms.CharField):
    """Several lines, each NFC and clean."""

    widget = forms.Textarea

    def to_python(self, value: object) -> str:
        text = super().to_python(value) or ""
        return "\n".join(clean(line) for line in text.splitlines()).strip()
