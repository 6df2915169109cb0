"""The statutory papers of a dossier (biểu mẫu), A5: what each contains, and its PDF.

One module for each paper says its fields in the order of Thông tư 01/2018/TT-VPCP and Thông tư
03/2025/TT-VPCP; `form` lays over it what the dossier's rule set and its province say; `sheet` is
the finished paper, set by one skeleton (templates/papers/slip.html). The register, A4, is
dossiers.register.
"""

from collections.abc import Sequence

from django.template.loader import render_to_string

from dossiers.models import Slip
from dossiers.papers.loading import sources
from dossiers.papers.sheet import PREVIEW, Sheet, made_of, reprint
from motcua import pdf

__all__ = ["html_of", "pdf_of", "pdf_of_many", "preview", "sheet_of"]


def sheet_of(slip: Slip, mark: str = "") -> Sheet:
    [source] = sources([slip])
    return made_of(source, mark)


def pdf_of(slip: Slip, copy_number: int = 1) -> bytes:
    """The same slip and copy always give the same paper."""
    return pdf.render(html_of(sheet_of(slip, reprint(copy_number))))


def preview(slip: Slip) -> bytes:
    """To look at: nothing is logged, and the paper says that it is not the one."""
    return pdf.render(html_of(sheet_of(slip, PREVIEW)))


def pdf_of_many(slips: Sequence[Slip], copies: Sequence[int]) -> bytes:
    """All in one PDF, each on pages of its own."""
    sheets = [
        made_of(source, reprint(copy)) for source, copy in zip(sources(slips), copies, strict=True)
    ]
    return pdf.render_many([html_of(one) for one in sheets])


def html_of(one: Sheet) -> str:
    return render_to_string("papers/slip.html", {"sheet": one})
