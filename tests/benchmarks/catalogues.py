"""Synthetic catalogues of any size: manifests as vendors write them, the same for the same seed."""

from __future__ import annotations

import random
import time
from pathlib import Path

from stackaudit.catalog import load_catalog
from stackaudit.pluginmanager import Plugins

SIZES = (400, 4_000, 15_000)
"""The last is the size of the published landscape of marketing technology."""
SHARES = (0.87, 0.09, 0.04)
"""How many vendors have one, two or three tools, much as in the built-in catalogue."""
LINKS = 5
_CLAIM = '  - {claim: "made up for a benchmark", checked: 2026-01-02, basis: classified}'


def write_catalogue(folder: Path, tools: int, seed: int = 1) -> None:
    """Fill an empty folder with manifests that describe so many tools together."""
    draw, catalog = random.Random(seed), load_catalog()
    by_layer: dict[str, list[str]] = {}
    for capability in catalog.capabilities.values():
        by_layer.setdefault(capability.layer, []).append(capability.id)
    layers = sorted(by_layer)
    left, vendor = tools, 0
    while left:
        count = min(left, draw.choices((1, 2, 3), SHARES)[0])
        lines = [f"vendor: {{id: v{vendor}, name: Vendor {vendor}}}", "tools:"]
        for number in range(tools - left, tools - left + count):
            layer = draw.choice(layers)
            lines += _tool(draw, number, tools, layer, by_layer[layer])
        (folder / f"v{vendor}.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")
        left, vendor = left - count, vendor + 1


def _tool(draw: random.Random, number: int, tools: int, layer: str, offered: list[str]) -> list[str]:
    core = ", ".join(sorted(draw.sample(offered, min(len(offered), 3))))
    others = sorted({draw.randrange(tools) for _ in range(LINKS)} - {number})
    return [
        f"- id: t{number}",
        f"  name: Tool Number {number}",
        f"  aliases: [Tool {number} Cloud, T{number}]",
        f'  website: "https://t{number}.example.com"',
        f"  layer: {layer}",
        f"  capabilities: {{core: [{core}]}}",
        "  integrations:",
        *(
            f"  - {{to: t{other}, direction: two_way, objects: [account, contact], method: native, basis: sourced,"
            f' grade: documented, source: "https://t{number}.example.com/with/t{other}", checked: 2026-01-02}}'
            for other in others
        ),
        "  sources:",
        _CLAIM,
    ]


def open_catalogue(folder: Path, cache_dir: Path, tools: int) -> bool:
    """What a start does with a catalogue: find its index, see that it is true, and look a name up."""
    plugins = Plugins.load(installed=False, manifest_dirs=[folder], cache_dir=cache_dir)
    return bool(plugins.find(f"Tool Number {tools - 1}"))


def settle(folder: Path, cache_dir: Path, tools: int) -> None:
    """Wait until the files are old enough for their times to prove something, and open the catalogue once."""
    time.sleep(2.1)
    open_catalogue(folder, cache_dir, tools)
