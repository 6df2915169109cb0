"""Papers that nobody issued: what stands in for scans in the demonstration."""

from functools import lru_cache

from django.utils.html import format_html

from motcua import pdf

_PAGE = """<!DOCTYPE html><html lang="vi"><head><meta charset="utf-8"><title>{}</title>
<style>@page {{ size: A4; margin: 25mm }} body {{ font: 14pt Tinos; text-align: center }}
p {{ margin-top: 60mm; font-size: 24pt; color: #b3261e }}</style></head>
<body><h1>{}</h1><p>GIẤY TỜ MINH HỌA<br>không có giá trị</p></body></html>"""


@lru_cache(maxsize=32)
def paper(title: str) -> bytes:
    """One page with the title, marked as invented in large letters."""
    return pdf.render(format_html(_PAGE, title, title))
