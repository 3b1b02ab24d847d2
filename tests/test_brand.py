"""A brand: what a brand file may say, logos that are harmless, colours that are legible."""

from __future__ import annotations

import base64
import re
import struct
import zlib
from pathlib import Path

import pytest

from stackaudit.brand import load_brand
from stackaudit.brand.colours import DARK_PAPER, ENOUGH, LIGHT_PAPER, contrast, legible
from stackaudit.brand.logo import MAX_BYTES, MAX_SIDE, data_address
from stackaudit.brand.svg import SVG, sanitised
from stackaudit.errors import InputError
from stackaudit.model.brand import Brand
from stackaudit.resources import data_dir

EVIL = "</title></style></script><script>alert(1)</script><img src=x onerror=alert(1)>\"'><b>{{ 7*7 }}"


def png(width: int = 4, height: int = 2) -> bytes:
    """A PNG; beyond small sizes only its head is true."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(b"\0" + b"\x20\x60\xa0" * width for _ in range(height)) if width * height < 10_000 else b""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def jpeg(width: int = 4, height: int = 2) -> bytes:
    """The head of a JPEG, up to its frame."""
    frame = b"\xff\xc0" + struct.pack(">HBHHB", 11, 8, height, width, 1) + b"\x01\x11\x00"
    return b"\xff\xd8\xff\xe0" + struct.pack(">H", 16) + b"JFIF\0" + bytes(9) + frame + b"\xff\xda\0\x02\xff\xd9"


def brand_file(folder: Path, text: str) -> Path:
    path = folder / "brand.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def problems(folder: Path, text: str) -> str:
    with pytest.raises(InputError) as caught:
        load_brand(brand_file(folder, text))
    return str(caught.value)


def test_a_whole_brand_file_is_read(tmp_path: Path) -> None:
    (tmp_path / "logo.png").write_bytes(png())
    brand, warnings = load_brand(
        brand_file(
            tmp_path,
            "consultancy: Hartmann & Vale\nclient: Northfield\nlogo: logo.png\naccent: '#123'\nsecond: '#7A1F5C'\n"
            "footer: Confidential\ndisclaimer: No advice.\ncontact: desk@example.org\n"
            "prepared_for: Ana\nprepared_by: Ben\nx-note: ours\n",
        )
    )
    assert (brand.consultancy, brand.client, brand.prepared_for) == ("Hartmann & Vale", "Northfield", "Ana")
    assert brand.logo == "data:image/png;base64," + base64.b64encode(png()).decode()
    assert brand.accent
    assert brand.accent.light == "#112233"
    assert [w.line for w in warnings] == [4, 5]
    assert all(w.warning for w in warnings)


def test_an_empty_map_is_a_brand_that_says_nothing(tmp_path: Path) -> None:
    assert load_brand(brand_file(tmp_path, "{}\n")) == (Brand(), ())


def test_everything_wrong_is_said_at_once_with_its_place_and_the_nearest_key(tmp_path: Path) -> None:
    said = problems(tmp_path, "consultanzy: Us\naccent: red\nfooter: [a]\nprepared_for: " + "x" * 201 + "\n")
    assert "brand.yaml:1:1: unknown key 'consultanzy'; did you mean consultancy?" in said
    assert "brand.yaml:2:9: accent: 'red'; expected a colour such as '#1f4e79', in quotes" in said
    assert "brand.yaml:3:9: footer: a list; expected a single value" in said
    assert "brand.yaml:4:15: prepared_for" in said


@pytest.mark.parametrize(
    "colour",
    [
        "'red'",
        "'#1f4e79; } body { display: none'",
        "'url(https://evil.example/x)'",
        "'var(--ink)'",
        "'#12345'",
        "'#1f4e79\\n'",
        '"#1f4e79\\n}"',
        "'</style>'",
        "rgb(1,2,3)",
        "'＃1f4e79'",
    ],
)
def test_a_colour_is_six_digits_and_never_style(tmp_path: Path, colour: str) -> None:
    assert "accent" in problems(tmp_path, f"accent: {colour}\n")


def test_a_list_or_a_word_is_no_brand(tmp_path: Path) -> None:
    assert "is no map" in problems(tmp_path, "- a\n")
    assert "is no map" in problems(tmp_path, "a\n")
    assert "merge keys" in problems(tmp_path, "<<: {footer: a}\n")


@pytest.mark.parametrize(
    "colour", ["#ffffff", "#000000", "#ffcc00", "#1f4e79", "#7f7f7f", "#00ff00", "#0000ff", "#ff0066"]
)
def test_every_colour_becomes_legible_on_light_and_dark_paper(colour: str) -> None:
    tone = legible(colour)
    assert all(contrast(tone.light, paper) >= ENOUGH for paper in LIGHT_PAPER)
    assert all(contrast(tone.dark, paper) >= ENOUGH for paper in DARK_PAPER)


def test_a_legible_colour_stays_as_it_is_and_contrast_is_that_of_the_standard() -> None:
    assert legible("#1f4e79").light == "#1f4e79"
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)


def test_the_papers_are_those_of_the_stylesheet() -> None:
    style = (data_dir("reports") / "report.css").read_text(encoding="utf-8")
    papers = re.findall(r"--paper: (#\w+); --wash: (#\w+)", style)
    assert papers[:2] == [LIGHT_PAPER, DARK_PAPER]


def test_a_corrected_colour_is_said(tmp_path: Path) -> None:
    brand, warnings = load_brand(brand_file(tmp_path, "accent: '#ffcc00'\n"))
    assert brand.accent
    assert brand.accent.dark == "#ffcc00"
    (warning,) = warnings
    assert "#ffcc00 stands out from light paper by 1.4 to 1; darkened there to" in str(warning)


def test_pictures_are_known_by_their_first_bytes() -> None:
    assert data_address(png())[0].startswith("data:image/png;base64,")
    assert data_address(jpeg())[0].startswith("data:image/jpeg;base64,")
    assert data_address(b"\xef\xbb\xbf <svg xmlns='%s'/>" % SVG.encode())[0].startswith("data:image/svg+xml;base64,")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"GIF89a", "neither PNG, JPEG nor SVG"),
        (b"", "neither PNG, JPEG nor SVG"),
        (b"<html><script>alert(1)</script></html>", "no SVG"),
        (b"<svg/>", "no SVG"),
        (b"<svg", "no well-formed SVG"),
        (png()[:40], "damaged PNG"),
        (b"\x89PNG\r\n\x1a\n" + b"<script>alert(1)</script>" * 9, "damaged PNG"),
        (b"\xff\xd8\xff\xd9", "damaged JPEG"),
        (b"\xff\xd8\xff\xe0\0\0" + bytes(40), "damaged JPEG"),
        (png(MAX_SIDE + 1, 1), "at most 4,000 a side"),
        (png(100_000, 100_000), "at most 4,000 a side"),
        (jpeg(60_000, 2), "at most 4,000 a side"),
        (png() + bytes(MAX_BYTES), "is larger than 524,288 bytes"),
    ],
)
def test_what_is_no_picture_or_too_large_is_refused(content: bytes, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        data_address(content)


@pytest.mark.parametrize(
    "text",
    [
        '<!DOCTYPE svg><svg xmlns="%s"/>',
        '<!DOCTYPE svg [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><svg xmlns="%s"><text>&b;</text></svg>',
        '<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]><svg xmlns="%s"><text>&x;</text></svg>',
    ],
)
def test_a_document_type_is_refused_whatever_it_declares(text: str) -> None:
    with pytest.raises(ValueError, match="document type or entities"):
        sanitised((text % SVG).encode())


def test_only_what_is_on_the_list_survives_in_an_svg() -> None:
    text, left_out = sanitised(
        f"""<?xml-stylesheet href="https://evil.example/a.css"?>
        <svg xmlns="{SVG}" xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:h="http://www.w3.org/1999/xhtml"
             viewBox="0 0 10 10" onload="alert(1)">
        <script>alert(2)</script><style>@import url(https://evil.example)</style>
        <foreignObject><h:script>alert(3)</h:script><g><path d="M0 0"/></g></foreignObject>
        <h:path d="M9 9"/><a xlink:href="javascript:alert(4)"><path d="M8 8"/></a>
        <image href="https://evil.example/x.png"/><use href="#a"/><animate attributeName="href"/>
        <set attributeName="onload" to="alert(5)"/><svg><path d="M7 7"/></svg>
        <linearGradient id="a"><stop offset="0" stop-color="#abc"/></linearGradient>
        <path d="M1 1h2" fill="url(#a)" stroke="url(https://evil.example/#a)" onclick="alert(6)"/>
        <rect width="3" height="2" style="fill:#c00;stroke:url(http://evil.example);behavior:url(x);fill-opacity:.5"/>
        <text x="1">A &lt;b&gt; B</text>
        <!-- secret --></svg>""".encode()
    )
    for gone in (
        "script",
        "alert",
        "evil",
        "style",
        "foreignObject",
        "image",
        "href",
        "M9",
        "M8",
        "M7",
        "secret",
        "onload",
    ):
        assert gone not in text, gone
    for kept in ('d="M1 1h2" fill="url(#a)"', 'stop-color="#abc"', 'fill="#c00"', "A &lt;b&gt; B", f'xmlns="{SVG}"'):
        assert kept in text, kept
    assert "<script>" in left_out


def test_an_svg_is_bounded_in_elements_and_depth() -> None:
    for inner in ("<g/>" * 6_000, "<g>" * 200 + "</g>" * 200):
        with pytest.raises(ValueError, match="holds more than"):
            sanitised(f'<svg xmlns="{SVG}">{inner}</svg>'.encode())


def test_what_was_left_out_of_a_logo_is_said(tmp_path: Path) -> None:
    (tmp_path / "l.svg").write_text(f'<svg xmlns="{SVG}"><script/><path d="M0 0"/></svg>')
    _, (warning,) = load_brand(brand_file(tmp_path, "logo: l.svg\n"))
    assert str(warning).startswith("brand.yaml:1:7: warning: l.svg: left out")
    assert "<script>" in str(warning)


def test_a_logo_that_cannot_be_used_is_a_problem_of_the_brand_file(tmp_path: Path) -> None:
    (tmp_path / "l.png").write_bytes(b"no picture")
    assert "brand.yaml:1:7: logo: l.png is neither PNG" in problems(tmp_path, "logo: l.png\n")
    assert "does not exist" in problems(tmp_path, "logo: gone.png\n")
    assert "is a folder" in problems(tmp_path, "logo: .\n")
    (tmp_path / "big.png").write_bytes(png() + bytes(MAX_BYTES))
    assert "is larger than" in problems(tmp_path, "logo: big.png\n")
