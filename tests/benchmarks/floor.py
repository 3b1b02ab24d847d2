"""The floor: a program that only imports, builds one model, parses and writes, as no audit could avoid to.

Run as a script with the folder of a plan, see ``Bench.plan``. It imports nothing of ours, unless the plan asks for
``validate``: then the one model is that of the stack file, for a command that does little but validate.
"""

from __future__ import annotations

import sys

if __name__ == "__main__":
    import importlib
    from pathlib import Path

    folder = Path(sys.argv[1])
    for module in (folder / "modules.txt").read_text(encoding="utf-8").split():
        importlib.import_module(module)

    import yaml
    from pydantic import BaseModel

    data = (folder / "stack.yaml").read_bytes()
    if "validate" in sys.argv:
        from stackaudit.model.inventory import Inventory

        Inventory.model_validate(yaml.load(data, Loader=yaml.CBaseLoader))
    else:

        class Stack(BaseModel):
            """The one model."""

            tools: list[dict[str, object]]

        Stack(tools=yaml.load(data, Loader=yaml.CSafeLoader)["tools"])
    for line in (folder / "outputs.txt").read_text(encoding="utf-8").splitlines():
        name, _, size = line.partition(" ")
        (folder / name).write_bytes(b" " * int(size))
