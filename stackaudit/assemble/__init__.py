"""Put what the analysis knows into the form of the result, sorted and without anything that was not said."""

from stackaudit.assemble.coverage import coverage
from stackaudit.assemble.layers import expected, layers
from stackaudit.assemble.money import spend
from stackaudit.assemble.overlaps import overlaps
from stackaudit.assemble.tools import company, tools
from stackaudit.assemble.wiring import handoffs, integrations, links, path_info, signals

__all__ = [
    "company",
    "coverage",
    "expected",
    "handoffs",
    "integrations",
    "layers",
    "links",
    "overlaps",
    "path_info",
    "signals",
    "spend",
    "tools",
]
