"""The built-in rules, handed over through the same hook as anybody's, and the runner that isolates each of them."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from stackaudit.hookspecs import hookimpl
from stackaudit.model.vocabulary import Effort, Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from stackaudit.model.plugins import Draft, Rule, RuleContext

    Check = Callable[[RuleContext], Iterable[Draft]]


OF_DOUBLES = frozenset({"RED-001", "RED-002", "RED-003", "RED-007", "RED-009"})
"""Rules that make a finding of each double, of which there are others only when the facts under them change."""


def checks() -> dict[str, Check]:
    """Every built-in check by rule id."""
    from stackaudit.rules import dep, edges, gap, inv, money, red, shp, sig, sor, systems, wiring

    found: dict[str, Check] = {}
    for family in (inv, red, systems, gap, dep, wiring, edges, sor, sig, money, shp):
        found.update(family.CHECKS)
    return found


class BuiltinRules:
    """The plugin that hands over the built-in rules; their texts and severities are data of the catalogue."""

    @hookimpl
    def stackaudit_rules(self) -> list[Rule]:
        """Rules with the catalogue's texts, in the order of their ids."""
        return list(_rules())


@cache
def _rules() -> tuple[Rule, ...]:
    """The built-in rules, made once a process."""
    from stackaudit.catalog import load_catalog
    from stackaudit.model.plugins import Rule

    texts = load_catalog().rules
    return tuple(
        Rule(
            id=rule_id,
            severity=Severity(texts[rule_id].severity),
            title=texts[rule_id].title,
            checks=texts[rule_id].checks,
            why=texts[rule_id].why,
            fix=texts[rule_id].fix,
            waive_when=texts[rule_id].waive_when,
            threshold=texts[rule_id].threshold,
            source=texts[rule_id].source,
            effort=Effort(texts[rule_id].effort),
            check=check,
            rests_on=("doubles",) if rule_id in OF_DOUBLES else (),
        )
        for rule_id, check in sorted(checks().items())
    )
