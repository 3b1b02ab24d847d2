"""``catalog search``: tools by name, by what they do, by layer, and why each was found."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stackaudit.cli.catalog.page import Page, Table, show
from stackaudit.cli.inputs import EVERYTHING, PluginChoice, open_plugins
from stackaudit.cli.output import is_terminal

if TYPE_CHECKING:
    from stackaudit.lookup.search import Hit

_SCREENFUL = 40
_REASONS = 3


def search(text: str, form: str, *, limit: int | None, choice: PluginChoice = EVERYTHING) -> int:
    """Print the tools that match, best first; on a terminal the first ones, in a pipe all."""
    from stackaudit.lookup.search import search as look

    plugins, catalog, _ = open_plugins(choice, rules=False)
    hits = look(plugins, catalog, text)
    if limit is None:
        limit = _SCREENFUL if form == "text" and is_terminal(err=False) else 0
    kept = hits[:limit] if limit else hits
    rows = tuple(
        (
            hit.id,
            hit.name + (f" ({hit.state})" if hit.state and hit.state != "active" else ""),
            catalog.layer_name(hit.layer),
            _why(hit),
        )
        for hit in kept
    )
    remarks = []
    if not hits:
        remarks.append(f"nothing is called {text!r}, does it, or is similar")
    elif all(hit.reasons[0].why == "similar name" for hit in hits):
        remarks.append(f"nothing is called {text!r} or does it; these have similar names")
    if len(kept) < len(hits):
        remarks.append(f"{len(hits) - len(kept)} more; --limit 0 shows all")
    blocks = (Table(("Tool", "Name", "Layer", "Why"), rows),) if rows else ()
    show(Page(blocks=blocks, remarks=tuple(remarks), data=kept), form)
    return 0


def _why(hit: Hit) -> str:
    """The strongest reasons, those of one kind together."""
    kinds: dict[str, list[str]] = {}
    for reason in hit.reasons:
        kinds.setdefault(reason.why, []).append(reason.text)
    shown = list(kinds.items())[:_REASONS]
    return "; ".join(f"{why}: {', '.join(texts[:_REASONS])}" for why, texts in shown)
