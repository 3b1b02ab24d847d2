"""A first inventory, from what a person says."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence

from ruamel.yaml.comments import CommentedMap, CommentedSeq

from stackaudit.inventory import slug
from stackaudit.inventory_writer.form import SCHEMA_LINE, scalar, yaml_for

FIRST = f"""{SCHEMA_LINE}
# For completion in your editor: stackaudit schema inventory > inventory.schema.json
# Every field but `tool` is optional; each one sharpens the audit: owner, seats, active_seats, annual_cost,
# contract_end, in_use, system_of_record_for. `stackaudit import FILE --into` brings them from a spreadsheet.
version: 1
"""


def first_text(company: Mapping[str, str | int], tools: Sequence[str], wires: Sequence[tuple[str, str]]) -> str:
    """A first inventory, with comments on what to add next."""
    ids: dict[str, str] = {}
    for name in tools:
        base, count = slug(name)[:90], 1
        while (ident := base if count == 1 else f"{base}_{count}") in ids.values():
            count += 1
        ids[name] = ident
    top = CommentedMap()
    if company:
        known = CommentedMap({k: scalar(v) for k, v in company.items()})
        if "motions" in known:
            known["motions"] = CommentedSeq([known["motions"]])
            known["motions"].fa.set_flow_style()
        top["company"] = known
    top["tools"] = CommentedSeq(CommentedMap({"tool": scalar(n), "id": i}) for n, i in ids.items())
    if wires:
        top["coverage"] = CommentedMap({"integrations": "partial"})
        top["integrations"] = CommentedSeq(CommentedMap({"from": ids[a], "to": ids[b]}) for a, b in wires)
        top.yaml_set_comment_before_after_key("coverage", before="complete, once every connection is listed")
        top.yaml_set_comment_before_after_key("integrations", before="objects, method and latency say what runs how")
    stream = io.StringIO()
    yaml_for("").dump(top, stream)
    return FIRST + stream.getvalue()
