"""``stackaudit schema``: print a JSON Schema."""

from __future__ import annotations

import json
from difflib import get_close_matches

from stackaudit.cli.output import out
from stackaudit.errors import UsageError


def schema(kind: str) -> int:
    """Print the schema of an inventory, a result or a vendor manifest."""
    if kind == "inventory":
        from stackaudit.editor import inventory_schema as make
    elif kind == "result":
        from stackaudit.model.result import schema as make
    elif kind == "vendor":
        from stackaudit.pluginmanager import manifest_schema as make
    else:
        close = get_close_matches(kind, ("inventory", "result", "vendor"), n=1)
        hint = f"; did you mean {close[0]}?" if close else ""
        raise UsageError(f"schema {kind!r}: expected inventory, result or vendor{hint}")
    out(json.dumps(make(), indent=2, sort_keys=True, ensure_ascii=False))
    return 0
