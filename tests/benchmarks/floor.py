"""The floor: a program that only imports, builds one model, parses and writes, as no audit could avoid to.

Run as a script with the folder of a plan, see ``Plan``; it imports nothing of ours.
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

    class Stack(BaseModel):
        """The one model."""

        tools: list[dict[str, object]]

    content = yaml.load((folder / "stack.yaml").read_bytes(), Loader=yaml.CSafeLoader)
    Stack(tools=content["tools"])
    for line in (folder / "outputs.txt").read_text(encoding="utf-8").splitlines():
        name, _, size = line.partition(" ")
        (folder / name).write_bytes(b" " * int(size))
