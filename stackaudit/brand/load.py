"""Read a brand file: everything wrong with it at once, with its place, and a word about what was corrected."""

from __future__ import annotations

from pathlib import Path

from pydantic import ValidationError

from stackaudit import yamlio
from stackaudit.brand import colours, logo
from stackaudit.errors import InputError, InputProblem
from stackaudit.model.brand import Brand, BrandFile, Tone
from stackaudit.validation import explain


def load_brand(path: Path) -> tuple[Brand, tuple[InputProblem, ...]]:
    """The brand that a file describes, and warnings about what was corrected or left out.

    The logo's path counts from the folder of the file.

    Raises:
        InputError: With every problem of the file, or of its logo.
    """
    document = yamlio.load_path(path, path.name)
    if not isinstance(document.data, dict):
        raise InputError([InputProblem(path.name, 1, 1, "is no map", "keys such as consultancy, logo, accent")])
    try:
        given = BrandFile.model_validate(document.data)
    except ValidationError as error:
        raise InputError(explain(error, document, BrandFile, document.data)) from None
    warnings: list[InputProblem] = []

    def warn(key: str, what: str) -> None:
        warnings.append(InputProblem(path.name, *document.place((key,)), what, warning=True))

    def tone(key: str, colour: str | None) -> Tone | None:
        made = colours.legible(colour) if colour is not None else None
        for changed in _corrections(colour, made) if colour is not None and made is not None else ():
            warn(key, changed)
        return made

    accent, second = tone("accent", given.accent), tone("second", given.second)
    picture = ""
    if given.logo is not None:
        picture, left_out = _logo(path.parent / given.logo, document)
        if left_out:
            warn("logo", f"{Path(given.logo).name}: left out, as a logo needs none of it: {left_out}")
    texts: dict[str, str] = given.model_dump(exclude={"logo", "accent", "second"}, exclude_none=True)
    return Brand(**texts, logo=picture, accent=accent, second=second), tuple(sorted(warnings))


def _logo(path: Path, document: yamlio.Document) -> tuple[str, str]:
    try:
        return logo.data_address(yamlio.read_bytes(path, path.name, logo.MAX_BYTES))
    except ValueError as error:
        what = f"logo: {path.name} {error}"
    except InputError as error:
        what = f"logo: {path.name} {error.problems[0].what}"
    expected = f"a PNG, JPEG or SVG file of at most {logo.MAX_BYTES // 1024} KiB"
    raise InputError([InputProblem(document.file, *document.place(("logo",)), what, expected)]) from None


def _corrections(colour: str, tone: Tone) -> list[str]:
    papers = (
        ("light", tone.light, "darkened", colours.LIGHT_PAPER),
        ("dark", tone.dark, "lightened", colours.DARK_PAPER),
    )
    return [
        f"{colour} stands out from {name} paper by {min(colours.contrast(colour, p) for p in paper):.1f} to 1; "
        f"{way} there to {shown}, for {colours.ENOUGH} to 1"
        for name, shown, way, paper in papers
        if shown != colour
    ]
