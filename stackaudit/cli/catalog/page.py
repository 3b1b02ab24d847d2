"""What a catalogue command says, and its forms: wrapped on a terminal, one row a line in a pipe, Markdown, JSON."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Literal

from msgspec import Struct, field
from msgspec.structs import asdict

from stackaudit.cli.output import clean, console, is_terminal, note, out
from stackaudit.errors import UsageError

if TYPE_CHECKING:
    from rich.console import Console

_SELF_EVIDENT = 2
_OWN_LINES = ("Source", "Steps")
_WIDEST = 40
FORMATS = ("text", "json", "md")
_MARKDOWN = re.compile(r"([\\`*_\[\]<>|#])")
_ADDRESS = re.compile(r"https?://[^\s<>|\\]+")


class Line(Struct, frozen=True):
    """One labelled statement."""

    label: str
    text: str


class Table(Struct, frozen=True):
    """Rows of one kind; without a title they are the page itself."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    title: str = ""


class Page(Struct, frozen=True):
    """A title, what it says, and remarks for the person, which in a pipe go to standard error."""

    title: str = ""
    blocks: tuple[Line | Table, ...] = ()
    remarks: tuple[str, ...] = ()
    data: Any = field(default=None)


def some(*blocks: Line | Table) -> tuple[Line | Table, ...]:
    """Blocks that say something: tables without a row are left out."""
    return tuple(block for block in blocks if isinstance(block, Line) or block.rows)


def check_format(text: str) -> Literal["text", "json", "md"]:
    """The format that an option names.

    Raises:
        UsageError: There is no such format.
    """
    for name in FORMATS:
        if text == name:
            return name  # type: ignore[return-value]
    raise UsageError(f"--format: {text!r}; expected one of {', '.join(FORMATS)}")


def show(page: Page, form: str) -> None:
    """Print a page; data to standard output."""
    if form == "json":
        out(json.dumps(page.data, ensure_ascii=False, indent=2, default=_plain))
    elif form == "md":
        out(re.sub(r"\n{3,}", "\n\n", "\n".join(_markdown(page))).strip("\n"))
    elif is_terminal(err=False):
        _wrapped(page)
    else:
        for text in _rows(page):
            out(text)
        for remark in page.remarks:
            note(remark)


def _plain(value: Any) -> Any:
    if isinstance(value, Struct):
        return asdict(value)
    return value.model_dump(mode="json")


def _rows(page: Page) -> list[str]:
    lines = [_cell(page.title)] if page.title else []
    for block in page.blocks:
        if isinstance(block, Line):
            lines.append(_cell(f"{block.label}: {block.text}"))
            continue
        if block.title:
            lines.append(_cell(f"{block.title}:"))
            if len(block.columns) > _SELF_EVIDENT:
                lines.append("\t".join(block.columns))
        lines += ["\t".join(map(_cell, row)) for row in block.rows]
    return lines


def _cell(text: str) -> str:
    return clean(text.replace("\t", " ").replace("\n", " ; "))


def _wrapped(page: Page) -> None:
    from rich.table import Table as Grid
    from rich.text import Text

    screen = console(err=False)
    if page.title:
        screen.print(Text(clean(page.title), style="bold"))
    for block in page.blocks:
        if isinstance(block, Line):
            screen.print(Text.assemble((f"{clean(block.label)}: ", "cyan"), clean(block.text)))
            continue
        if block.title:
            screen.print()
            screen.print(Text(clean(block.title), style="bold"))
        if block.columns[-1] in _OWN_LINES:
            _stacked(screen, block)
            continue
        grid = Grid(box=None, pad_edge=False, header_style="cyan", show_header=any(block.columns))
        for column in block.columns:
            grid.add_column(column, overflow="fold")
        for row in block.rows:
            grid.add_row(*(Text(clean(cell)) for cell in row))
        screen.print(grid)
    for remark in page.remarks:
        screen.print(Text(clean(remark), style="dim"))


def _stacked(screen: Console, table: Table) -> None:
    """Rows whose last cell, long with addresses, stands on lines of its own."""
    from rich.text import Text

    rows = [table.columns, *table.rows]
    widths = [min(_WIDEST, max(len(row[i]) for row in rows)) for i in range(len(table.columns) - 1)]
    for number, row in enumerate(rows):
        cells = "  ".join(clean(cell).ljust(width) for cell, width in zip(row, widths, strict=False)).rstrip()
        screen.print(Text(cells, style="" if number else "cyan"))
        for line in row[-1].splitlines() if number else ():
            screen.print(Text(f"    {clean(line)}", style="dim", overflow="fold"))


def _markdown(page: Page) -> list[str]:
    lines = [f"# {_escaped(page.title)}", ""] if page.title else []
    for block in page.blocks:
        if isinstance(block, Line):
            lines.append(f"- **{_escaped(block.label)}:** {_escaped(block.text)}")
            continue
        if lines and lines[-1]:
            lines.append("")
        if block.title:
            lines += [f"## {_escaped(block.title)}", ""]
        lines += [_md_row(block.columns), _md_row(["---"] * len(block.columns), escape=False)]
        lines += [*(_md_row(row) for row in block.rows), ""]
    for remark in page.remarks:
        lines += ["", _escaped(remark)]
    return lines


def _md_row(cells: tuple[str, ...] | list[str], *, escape: bool = True) -> str:
    return "| " + " | ".join(_escaped(cell) if escape else cell for cell in cells) + " |"


def _escaped(text: str) -> str:
    """Text as Markdown shows it; addresses stay addresses."""
    parts, at = [], 0
    text = _cell(text)
    for found in _ADDRESS.finditer(text):
        parts += [_MARKDOWN.sub(r"\\\1", text[at : found.start()]), f"<{found.group()}>"]
        at = found.end()
    return "".join((*parts, _MARKDOWN.sub(r"\\\1", text[at:])))
