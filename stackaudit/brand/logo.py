"""A logo as a data address: PNG and JPEG known by their first bytes and measured, SVG made harmless."""

from __future__ import annotations

import base64
from collections.abc import Iterator

from stackaudit.brand.svg import sanitised

MAX_BYTES = 512 * 1024
MAX_SIDE = 4_000
"""Pixels: a small file can unpack to a picture that no memory holds."""
_PNG = b"\x89PNG\r\n\x1a\n"
_JPEG = b"\xff\xd8\xff"
_JPEG_SIZES = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})
_BARE_MARKERS = frozenset({0x01, *range(0xD0, 0xD8)})


def data_address(content: bytes) -> tuple[str, str]:
    """A picture as a data address, and what had to be left out of it, in words.

    Raises:
        ValueError: It is no picture that may be shown; the message says why.
    """
    if len(content) > MAX_BYTES:
        raise ValueError(f"is larger than {MAX_BYTES:,} bytes")
    if content.startswith(_PNG):
        _check("PNG", _png_size(content))
        return _address("image/png", content), ""
    if content.startswith(_JPEG):
        _check("JPEG", _jpeg_size(content))
        return _address("image/jpeg", content), ""
    if content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        text, left_out = sanitised(content)
        return _address("image/svg+xml", text.encode("utf-8")), left_out
    raise ValueError("is neither PNG, JPEG nor SVG")


def _address(kind: str, content: bytes) -> str:
    return f"data:{kind};base64,{base64.b64encode(content).decode('ascii')}"


def _check(kind: str, size: tuple[int, int] | None) -> None:
    if size is None or 0 in size:
        raise ValueError(f"is a damaged {kind}")
    if max(size) > MAX_SIDE:
        raise ValueError(f"measures {size[0]:,} by {size[1]:,} pixels; at most {MAX_SIDE:,} a side")


def _png_size(content: bytes) -> tuple[int, int] | None:
    if len(content) < 33 or content[12:16] != b"IHDR" or b"IEND" not in content[-12:]:
        return None
    return int.from_bytes(content[16:20]), int.from_bytes(content[20:24])


def _jpeg_size(content: bytes) -> tuple[int, int] | None:
    """Width and height, from the first frame header."""
    for marker, start in _segments(content):
        if marker in _JPEG_SIZES and start + 7 <= len(content):
            return int.from_bytes(content[start + 5 : start + 7]), int.from_bytes(content[start + 3 : start + 5])
    return None


def _segments(content: bytes) -> Iterator[tuple[int, int]]:
    """Every segment before the picture itself: its marker, and where its length field stands."""
    at = 2
    while at + 4 <= len(content) and content[at] == 0xFF:
        marker = content[at + 1]
        if marker == 0xFF or marker in _BARE_MARKERS:
            at += 1 if marker == 0xFF else 2
            continue
        if marker in {0xD9, 0xDA}:
            return
        length = int.from_bytes(content[at + 2 : at + 4])
        if length < 2:
            return
        yield marker, at + 2
        at += 2 + length
