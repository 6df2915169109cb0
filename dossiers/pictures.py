"""Pictures as uploaded (ảnh chụp, ảnh quét): read wholly, turned, written anew.

What is written anew holds nothing but the picture: where a phone stood when it took it is
personal data that nobody asked for, and what somebody hid in the file is gone.
"""

import warnings
from collections.abc import Iterator
from io import BytesIO
from typing import BinaryIO

from PIL import Image, ImageFile, ImageOps, ImageSequence, UnidentifiedImageError

from dossiers.errors import FileRefused
from dossiers.sniffing import JPEG, PNG, TIFF, after_the_end

# An A3 page at 500 dpi, or the largest pictures that phones take; refused before it is unpacked.
PIXELS = 50_000_000
# Of a TIFF with many pages, together: they are in memory at once.
ALL_PIXELS = 150_000_000
TIFF_PAGES = 100
THUMBNAIL = 240
_FORMATS = {JPEG: "JPEG", PNG: "PNG", TIFF: "TIFF"}
_MODES = {JPEG: {"L", "RGB"}, PNG: {"1", "L", "P", "RGB", "RGBA", "LA"}, TIFF: {"1", "L", "RGB"}}


def cleaned(picture: bytes, media_type: str, rotation: int) -> tuple[bytes, bytes, int]:
    """(the picture, its thumbnail as JPEG, pages); refuses what is broken, or too much."""
    _refuse_hidden(picture, media_type)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            return _cleaned(picture, media_type, rotation)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise FileRefused(_TOO_LARGE) from error
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError) as error:
        raise FileRefused("Ảnh bị hỏng hoặc chưa tải hết.") from error


_TOO_LARGE = "Ảnh quá lớn: tối đa 50 triệu điểm ảnh; hãy quét ở 200–300 dpi."


def _cleaned(picture: bytes, media_type: str, rotation: int) -> tuple[bytes, bytes, int]:
    with Image.open(BytesIO(picture), formats=[_FORMATS[media_type]]) as image:
        _refuse_large(image)
        frames = getattr(image, "n_frames", 1) if media_type == TIFF else 1
        if frames > TIFF_PAGES or frames * image.width * image.height > ALL_PIXELS:
            raise FileRefused("Ảnh TIFF có quá nhiều trang: hãy lưu thành PDF.")
        first = _turned(image, media_type, rotation)
        written = BytesIO()
        if first is image and image.format == "JPEG" and image.mode in _MODES[JPEG]:
            # not packed anew: nothing of a good scan is lost
            bare = {"exif": b"", "xmp": b"", "comment": b"", "icc_profile": None}
            image.save(written, "JPEG", quality="keep", **_dpi(image), **bare)
        else:
            rest = _rest(image, rotation) if frames > 1 else iter(())
            _write(first, rest, written, media_type, _dpi(image))
    return written.getvalue(), _thumbnail(first), frames


def _turned(image: Image.Image, media_type: str, rotation: int) -> Image.Image:
    """As the camera was held, then as the clerk turned it (clockwise)."""
    image.load()
    if media_type == JPEG and image.getexif().get(0x0112, 1) == 1 and not rotation:
        return image
    turned: Image.Image = ImageOps.exif_transpose(image)
    if rotation:
        turned = turned.rotate(-rotation, expand=True)
    return turned


def _rest(image: ImageFile.ImageFile, rotation: int) -> Iterator[Image.Image]:
    for number, frame in enumerate(ImageSequence.Iterator(image)):
        if number:
            _refuse_large(frame)
            yield _fit(_turned(frame, TIFF, rotation), TIFF)


def _write(
    first: Image.Image,
    rest: Iterator[Image.Image],
    target: BytesIO,
    media_type: str,
    dpi: dict[str, tuple[float, float]],
) -> None:
    first = _fit(first, media_type)
    # Only what is named here goes along: no EXIF, no XMP, no comments.
    bare = Image.new(first.mode, first.size)
    bare.paste(first)
    if first.mode == "P" and (palette := first.getpalette("RGB")):
        bare.putpalette(palette)
    if media_type == JPEG:
        bare.save(target, "JPEG", quality=92, **dpi)
    elif media_type == PNG:
        bare.save(target, "PNG", **dpi)
    else:
        others = list(rest)
        packing = "group4" if bare.mode == "1" and not others else "tiff_adobe_deflate"
        bare.save(target, "TIFF", compression=packing, **dpi, save_all=True, append_images=others)


def _fit(image: Image.Image, media_type: str) -> Image.Image:
    if image.mode in _MODES[media_type] and "transparency" not in image.info:
        return image
    if media_type == PNG:
        return image.convert("RGBA")
    return image.convert("L" if image.mode in {"I;16", "I", "F", "LA"} else "RGB")


def _thumbnail(image: Image.Image) -> bytes:
    small = image.copy()
    small.thumbnail((THUMBNAIL, THUMBNAIL))
    return as_jpeg(small, 70)


def as_jpeg(image: Image.Image, quality: int) -> bytes:
    """Grey or RGB on white ground, with nothing beside the picture."""
    flat = _flat(image)
    bare = Image.new(flat.mode, flat.size)
    bare.paste(flat)
    written = BytesIO()
    bare.save(written, "JPEG", quality=quality)
    return written.getvalue()


def frames(content: BinaryIO) -> Iterator[Image.Image]:
    """The pages of a picture that was taken in before."""
    with Image.open(content) as image:
        yield from ImageSequence.Iterator(image)


def _flat(image: Image.Image) -> Image.Image:
    if image.mode in {"RGBA", "LA", "P"}:
        clear = image.convert("RGBA")
        ground = Image.new("RGB", clear.size, "white")
        ground.paste(clear, mask=clear)
        return ground
    return image.convert("L" if image.mode in {"1", "L"} else "RGB")


def _dpi(image: Image.Image) -> dict[str, tuple[float, float]]:
    """What a scanner says; cameras write 72, which says nothing."""
    across, down = image.info.get("dpi", (0, 0))
    known = 100 <= across <= 2400 and 100 <= down <= 2400
    return {"dpi": (float(across), float(down))} if known else {}


def _refuse_large(image: Image.Image) -> None:
    if image.width * image.height > PIXELS:
        raise FileRefused(_TOO_LARGE)


def _refuse_hidden(picture: bytes, media_type: str) -> None:
    """Nothing stands behind a picture but what phones put there: blanks, a second picture
    (multi-picture format), a clip, Samsung's own block. It is cut off all the same."""
    rest = after_the_end(picture, media_type)
    if not rest.strip(b"\x00\xff\r\n "):
        return
    known = (
        rest.startswith((b"\xff\xd8\xff", b"\x00\x00\x00")) or rest.endswith(b"SEFT")
    ) and media_type == JPEG
    if not known:
        raise FileRefused("Ảnh chứa thêm dữ liệu khác giấu phía sau.")
