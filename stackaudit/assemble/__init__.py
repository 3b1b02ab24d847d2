"""Put what the analysis knows into the form of the result, sorted and without anything that was not said."""

from stackaudit.assemble.agents import agents
from stackaudit.assemble.claims import claim_lines
from stackaudit.assemble.coverage import coverage
from stackaudit.assemble.layers import expected, layers
from stackaudit.assemble.metrics import benchmarks, metrics
from stackaudit.assemble.money import spend
from stackaudit.assemble.names import names
from stackaudit.assemble.overlaps import overlaps, untold_line
from stackaudit.assemble.tools import company, tools
from stackaudit.assemble.wiring import handoffs, integrations, links, path_info, signals

__all__ = [
    "agents",
    "benchmarks",
    "claim_lines",
    "company",
    "coverage",
    "expected",
    "handoffs",
    "integrations",
    "layers",
    "links",
    "metrics",
    "names",
    "overlaps",
    "path_info",
    "signals",
    "spend",
    "tools",
    "untold_line",
]
