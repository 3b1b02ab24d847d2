"""A branded page: the brand shows, the product's name does not, and no brand or template weakens the policy."""

from __future__ import annotations

import base64
import hashlib
import re
from pathlib import Path

import pytest
from msgspec.structs import replace
from typer.testing import CliRunner

from stackaudit import audit
from stackaudit.brand import load_brand
from stackaudit.cli.app import app
from stackaudit.cli.inputs import PluginChoice
from stackaudit.cli.look import for_readers, look_alone
from stackaudit.cli.options import Dress
from stackaudit.errors import UsageError
from stackaudit.model.brand import Brand, BrandFile
from stackaudit.model.plugins import Theme
from stackaudit.report import pdf
from stackaudit.report.html import render
from stackaudit.report.look import PLAIN, Look, templates_in
from tests.support import audit_text, case
from tests.test_brand import EVIL, png

TEXTS = sorted(set(BrandFile.model_fields) - {"logo", "accent", "second", "theme"})


@pytest.fixture
def brand(tmp_path: Path) -> Brand:
    (tmp_path / "logo.png").write_bytes(png())
    path = tmp_path / "brand.yaml"
    path.write_text(
        "consultancy: Hartmann & Vale\nclient: Quillstone Holding\nlogo: logo.png\naccent: '#ffcc00'\nsecond: '#7a1f5c'\n"
        "footer: Confidential.\ndisclaimer: No advice.\ncontact: desk@example.org\nprepared_for: Ana\nprepared_by: Ben\n"
    )
    return load_brand(path)[0]


def override(folder: Path, name: str, text: str) -> Look:
    (folder / name).write_text(text)
    return Look(templates=templates_in(folder))


def parts(page: str, tag: str) -> list[str]:
    return re.findall(rf"<{tag}>(.*?)</{tag}>", page, re.S)


def allowed(page: str) -> str:
    found = re.match(
        r'<!doctype html>\s*<html[^>]*>\s*<head>\n<meta http-equiv="Content-Security-Policy" content="([^"]*)">', page
    )
    assert found, page[:300]
    return found[1].replace("&#39;", "'")


def digest(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def test_everything_that_a_brand_says_is_in_the_page(brand: Brand) -> None:
    page = render(case("quillstone"), Look(brand))
    for text in ("Quillstone Holding", "Confidential.", "No advice.", "desk@example.org", "Prepared for Ana by Ben"):
        assert text in page
    assert f'<img src="{brand.logo}" alt="Hartmann &amp; Vale">' in page
    assert "<title>Quillstone Holding audit" in page


def test_with_a_brand_the_name_of_the_product_stands_in_the_method_note_and_nowhere_else(brand: Brand) -> None:
    page = render(case("quillstone"), Look(brand))
    assert page.lower().count("stackaudit") == 1
    assert "<!--" not in page
    assert page.index("stackaudit") > page.index('id="method"')


def test_the_policy_is_made_of_the_final_style_and_script(brand: Brand) -> None:
    page = render(case("quillstone"), Look(brand, css=".house { letter-spacing: .1em; }"))
    (style,), (script,) = parts(page, "style"), parts(page, "script")
    assert brand.accent
    assert f"--accent: {brand.accent.light};" in style
    assert ".house { letter-spacing" in style
    assert f"script-src 'sha256-{digest(script)}'; style-src 'sha256-{digest(style)}'; img-src data:;" in allowed(page)


def test_drawings_carry_the_accent_of_the_brand_and_nothing_else_changes(brand: Brand) -> None:
    page, plain = render(case("quillstone"), Look(brand)), render(case("quillstone"))
    assert brand.accent
    assert drawn(page) == drawn(plain)
    assert f".f-accent {{ fill: {brand.accent.light}; }}" in page
    assert page.index(".f-accent{fill:#1f4e79}") < page.index(f".f-accent {{ fill: {brand.accent.light}; }}")
    laid_out = pdf.page(case("quillstone"), Look(brand))
    assert f'fill="{brand.accent.light}"' in laid_out
    assert not re.search(r'(fill|stroke)="#1f4e79"', laid_out)


def test_without_colours_the_drawings_stay_as_they_are() -> None:
    page = render(case("quillstone"), Look(Brand(footer="x")))
    assert drawn(page) == drawn(render(case("quillstone")))
    assert page.count(".f-accent") == render(case("quillstone")).count(".f-accent")


def drawn(page: str) -> list[str]:
    return re.findall(r"<svg.*?</svg>", page, re.DOTALL)


@pytest.mark.parametrize("field", TEXTS)
def test_markup_in_a_field_of_a_brand_never_becomes_markup(tmp_path: Path, field: str) -> None:
    (tmp_path / "brand.yaml").write_text(f"{field}: |-\n  {EVIL[:150]}\n")
    brand, _ = load_brand(tmp_path / "brand.yaml")
    assert getattr(brand, field) == EVIL[:150]
    page = render(case("pinecrest"), Look(brand))
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert" not in page
    assert "<img" not in page
    assert "{{ 7*7 }}" in page
    assert len(parts(page, "script")) == 1


def test_a_template_of_ones_own_stands_in_for_the_shipped_one(tmp_path: Path) -> None:
    look = override(tmp_path, "summary.html.j2", '<h1 id="verdict">Ours: {{ view.company }}</h1><i id="causes"></i>')
    page = render(case("pinecrest"), look)
    assert '<h1 id="verdict">Ours: ' in page
    assert 'id="findings"' in page


def test_a_template_of_ones_own_is_escaped_and_may_include_parts(tmp_path: Path) -> None:
    (tmp_path / "mine.html.j2").write_text("<p>{{ '<b>' }}</p>")
    page = render(case("pinecrest"), override(tmp_path, "sources.html.j2", '{% include "mine.html.j2" %}'))
    assert "<p>&lt;b&gt;</p>" in page


@pytest.mark.parametrize("inside", ["<script>alert(1)</script>", "<style>p { color: red }</style>", "<p style='x'>"])
def test_what_a_template_adds_is_not_allowed_to_run(tmp_path: Path, inside: str) -> None:
    page = render(case("pinecrest"), override(tmp_path, "sources.html.j2", inside))
    assert inside in page
    assert allowed(page) == allowed(render(case("pinecrest")))
    assert digest("alert(1)") not in allowed(page)


@pytest.mark.parametrize(
    "layout",
    [
        "<script>alert(1)</script><!doctype html><html><head></head></html>",
        "<!doctype html><html><script>alert(1)</script><head></head></html>",
        "<!doctype html><html><body onload='alert(1)'></body></html>",
        "<!doctype html><!-- <html><head> --><html><body></body></html>",
        "nothing",
    ],
)
def test_no_template_gets_ahead_of_the_policy(tmp_path: Path, layout: str) -> None:
    with pytest.raises(UsageError, match="makes no page"):
        render(case("pinecrest"), override(tmp_path, "layout.html.j2", layout))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{% if %}", r"template sources\.html\.j2, line 1"),
        ("{{ view.nothing }}", "UndefinedError"),
        ("{{ view.__class__.__mro__ }}", "SecurityError"),
        ("{{ ''.__class__ }}", "SecurityError"),
        ("{{ '%s'.format.__globals__ }}", "SecurityError"),
        ("{{ 1 / 0 }}", "ZeroDivisionError"),
        ("{% include 'gone.html.j2' %}", "TemplateNotFound"),
        ("{% include '../../pyproject.toml' %}", "TemplateNotFound"),
    ],
)
def test_a_template_that_fails_or_reaches_inside_is_a_message(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        render(case("pinecrest"), override(tmp_path, "sources.html.j2", text))


def test_a_folder_without_templates_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is no folder"):
        templates_in(tmp_path / "gone")
    (tmp_path / "sumary.html.j2").write_text("")
    with pytest.raises(UsageError, match=r"holds none of the templates; expected one or more of .*summary"):
        templates_in(tmp_path)
    (tmp_path / "summary.html.j2").write_bytes(b"\xff")
    with pytest.raises(UsageError, match="not UTF-8"):
        templates_in(tmp_path)
    (tmp_path / "summary.html.j2").write_text("x" * 300_000)
    with pytest.raises(UsageError, match="is larger"):
        templates_in(tmp_path)


def test_no_look_at_all_is_the_plain_one() -> None:
    assert render(case("pinecrest")) == render(case("pinecrest"), PLAIN)


def test_the_pdf_is_dressed_in_the_brand_as_the_page_is(brand: Brand) -> None:
    text = pdf.page(case("pinecrest"), Look(brand))
    for said in ("Quillstone Holding", "Confidential.", "No advice.", "desk@example.org", "Prepared for Ana by Ben"):
        assert said in text
    assert brand.logo in text
    assert text.lower().count("stackaudit") == 1
    assert not re.search(r'(fill|stroke)="#1f4e79"', text)


@pytest.mark.slow
def test_the_logo_is_drawn_in_the_pdf(brand: Brand) -> None:
    small = audit_text("- Salesforce\n")
    with_logo = pdf.render(small, Look(brand))
    without = pdf.render(small, Look(replace(brand, logo="")))
    assert with_logo.count(b"/Subtype /Image") == without.count(b"/Subtype /Image") + 1
    assert with_logo == pdf.render(small, Look(brand))


def test_privacy_keeps_people_and_the_client_out_of_the_brand(brand: Brand) -> None:
    look = Look(brand)
    assert for_readers(look, "full") is look
    assert for_readers(look, "client").brand == replace(brand, prepared_for="")
    for level in ("vendor", "public"):
        assert for_readers(look, level).brand == replace(brand, prepared_for="", client="")
    assert for_readers(PLAIN, "public") == PLAIN


def test_the_command_line_dresses_pages_and_says_what_it_corrected(brand: Brand, tmp_path: Path) -> None:
    (tmp_path / "r.json").write_text(case("pinecrest").to_json())
    (tmp_path / "t").mkdir()
    (tmp_path / "t" / "sources.html.j2").write_text("<p>Ours</p>")
    options = ["--brand", str(tmp_path / "brand.yaml"), "--template", str(tmp_path / "t")]
    outputs = {"report": tmp_path / "r.html", "diff": tmp_path / "d.html"}
    for command, output in outputs.items():
        inputs = [str(tmp_path / "r.json")] * (2 if command == "diff" else 1)
        done = CliRunner().invoke(app, [command, *inputs, *options, "-o", str(output)])
        assert done.exit_code == 0, done.output
        assert "warning: #ffcc00 stands out from light paper" in done.output
        assert "Quillstone Holding" in output.read_text()
    assert "<p>Ours</p>" in outputs["report"].read_text()
    public = tmp_path / "p.html"
    report = ["report", str(tmp_path / "r.json"), "--privacy", "public", "-o", str(public)]
    assert CliRunner().invoke(app, [*report, *options]).exit_code == 0
    assert "Quillstone Holding" not in public.read_text()
    assert "Hartmann" in public.read_text()


class Themed:
    """Plugins of which one has a theme."""

    def themes(self) -> tuple[Theme, ...]:
        return (Theme("vale", css=".house { letter-spacing: .1em; }", templates={"sources.html.j2": "<p>Theirs</p>"}),)


def test_a_brand_may_name_a_theme_of_a_plugin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    result = case("pinecrest")
    monkeypatch.setattr(audit, "open_plugins", lambda **_: Themed())
    (tmp_path / "brand.yaml").write_text("theme: vale\n")
    look = look_alone(Dress(tmp_path / "brand.yaml"), PluginChoice())
    page = render(result, look)
    assert "letter-spacing: .1em" in page
    assert "<p>Theirs</p>" in page
    assert f"style-src 'sha256-{digest(parts(page, 'style')[0])}'" in allowed(page)
    (tmp_path / "sources.html.j2").write_text("<p>Ours</p>")
    assert "<p>Ours</p>" in render(
        case("pinecrest"), look_alone(Dress(tmp_path / "brand.yaml", templates=tmp_path), PluginChoice())
    )


def test_a_theme_that_no_plugin_has_is_named_with_the_nearest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit, "open_plugins", lambda **_: Themed())
    (tmp_path / "brand.yaml").write_text("theme: valé\n")
    with pytest.raises(UsageError, match=r"theme 'valé': is not known; did you mean vale\?"):
        look_alone(Dress(tmp_path / "brand.yaml"), PluginChoice())
