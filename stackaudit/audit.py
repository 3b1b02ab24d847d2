"""The pipeline: from a loaded inventory to the one result."""

from __future__ import annotations

import hashlib
import json
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, TypedDict

from stackaudit.errors import InputProblem
from stackaudit.rules import BuiltinRules
from stackaudit.stages import SILENT, Stages

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping

    from stackaudit.analysis import Analysis
    from stackaudit.counterfactual import Step
    from stackaudit.inventory import LoadedInventory, Vocabulary
    from stackaudit.model.catalog import Catalog
    from stackaudit.model.inventory import RuleSetting, Waiver
    from stackaudit.model.part import Override
    from stackaudit.model.plugins import PluginProblem, Rule
    from stackaudit.model.result import AuditResult, Problem, RuleInfo
    from stackaudit.pluginmanager import Entry, Pack, Plugins


_OWN, _RULES = "stackaudit", "stackaudit.rules"


class _Judging(TypedDict):
    """What of the inventory bears on every judgement."""

    settings: Mapping[str, RuleSetting]
    waivers: tuple[Waiver, ...]
    as_of: dt.date


def open_plugins(
    *,
    installed: bool = True,
    only: frozenset[str] | None = None,
    entries: Iterable[Entry] = (),
    packs: Iterable[Pack] = (),
    catalog: Catalog | None = None,
    code: bool = True,
    builtin: Iterable[tuple[str, object]] = (),
) -> Plugins:
    """The plugins of one run, the built-in rules among them.

    Args:
        installed: Whether installed distributions may contribute; the built-in catalogue always does.
        only: Names of the installed plugins to use; None for all.
        entries: Further plugins that are not installed.
        packs: Private packs.
        catalog: Whose ids manifests from outside may use; by default the shipped one.
        code: Whether code of installed plugins and packs may run; manifests alone are heard without it.
        builtin: Further plugins that come with the program, with their names.
    """
    from stackaudit.lookup.words import known_words
    from stackaudit.pluginmanager import Plugins

    return Plugins.load(
        builtin=[(_RULES, BuiltinRules()), *builtin],
        installed=installed,
        only=only,
        entries=entries,
        packs=packs,
        words=lambda: known_words(catalog),
        code=code,
    )


def vocabulary(catalog: Catalog, plugins: Plugins) -> Vocabulary:
    """The ids that an inventory may use: those of the catalogue, and the rules that are loaded."""
    from stackaudit.inventory import Vocabulary

    words = {o.id: o.id for o in catalog.objects.values()}
    for item in catalog.objects.values():
        words.update({alias: item.id for alias in item.aliases if alias not in words})
    rules = frozenset(catalog.rules)
    if plugins.speakers("stackaudit_rules") != (_RULES,):  # ours are the catalogue's, and loading them takes its time
        rules |= {r.id for r in plugins.rules()}
    return Vocabulary(
        layers=frozenset(catalog.layers), capabilities=frozenset(catalog.capabilities), objects=words, rules=rules
    )


def check(loaded: LoadedInventory, plugins: Plugins, catalog: Catalog) -> tuple[InputProblem, ...]:
    """What is worth saying about a valid inventory: names that no plugin knows, references to undeclared tools."""
    import datetime as dt

    from stackaudit.resolve import resolve

    stack = resolve(loaded, plugins, catalog, loaded.inventory.as_of or dt.date.min)
    found = [
        InputProblem(
            file=stack.file,
            line=t.line or 0,
            column=1,
            what=f"no plugin knows {t.entry.tool!r}",
            expected="a known tool, or a layer or capabilities that describe it",
            suggestion=", ".join(t.candidates),
            warning=True,
        )
        for t in stack.tools
        if t.opaque
    ]
    found += [
        InputProblem(
            file=stack.file,
            line=d.line or 0,
            column=1,
            what=f"{d.kind} names {d.name!r}, which is not declared",
            expected="the id or name of a tool in this file",
            suggestion=", ".join(d.candidates),
            warning=True,
        )
        for d in stack.dangling
    ]
    return tuple(sorted(found))


def run(
    loaded: LoadedInventory,
    plugins: Plugins,
    catalog: Catalog,
    *,
    as_of: dt.date,
    as_of_source: str,
    changes: tuple[Override, ...] = (),
    stages: Stages = SILENT,
) -> AuditResult:
    """Audit an inventory.

    Args:
        loaded: The inventory with its positions.
        plugins: Vendor facts and rules; activated as needed.
        catalog: Taxonomy, weights and thresholds.
        as_of: The day on which the audit is made; the clock is never read here.
        as_of_source: Where that day comes from: inventory, default or option.
        changes: What private packs changed of the catalogue.
        stages: Told about each stage as it begins; times its parts where asked to.
    """
    from stackaudit import assemble
    from stackaudit.analysis import Analysis
    from stackaudit.causes import root_causes
    from stackaudit.counterfactual import counterfactuals, limit_line, listed
    from stackaudit.model.plugins import RuleContext
    from stackaudit.model.result import AuditResult
    from stackaudit.resolve import resolve
    from stackaudit.roadmap import roadmap
    from stackaudit.rules.runner import run_rules, settled, standing_ids
    from stackaudit.rules.waivers import states, tally
    from stackaudit.shape import shapes as classify
    from stackaudit.shape.owners import ownership

    inventory = loaded.inventory
    with stages.stage("resolve", "resolving names"):
        stack = resolve(loaded, plugins, catalog, as_of)
    thresholds = MappingProxyType(
        {t.id: t.value for t in catalog.thresholds.values()} | dict(inventory.settings.thresholds)
    )
    analysis = Analysis(stack, _sealed(catalog), thresholds, stages=stages)
    with stages.stage("shape", "classifying"):
        shapes = classify(analysis)
        shape = shapes.whole
    rules = plugins.rules()
    waivers = tuple(
        w.model_copy(update={"tools": tuple(_waived_tool(analysis, name) for name in w.tools)})
        for w in inventory.waivers
    )
    judging: _Judging = {"settings": inventory.settings.rules, "waivers": waivers, "as_of": as_of}
    with stages.stage("findings", "applying rules"):
        findings, broken = run_rules(rules, RuleContext(analysis, shapes, thresholds), **judging, stages=stages)
    with stages.part("root causes"):
        findings, causes = root_causes(analysis, findings)

    def judge(step: Step, asked: frozenset[str]) -> frozenset[str]:
        known = {r.id for r in rules if settled(r, analysis, step.analysis)}
        context = RuleContext(step.analysis, shapes.wired(step.scored), thresholds)
        again = standing_ids([r for r in rules if r.id in asked - known], context, **judging)
        return again | {f.id for f in findings if f.rule in known}

    with stages.stage("counterfactual", "trying out connections"):
        steps = counterfactuals(analysis, shapes)
    with stages.part("roadmap"):
        plan = roadmap(analysis, shapes, findings, steps, judge)
    with stages.stage("result", "putting the result together"):
        layers = assemble.layers(analysis, shape.need.label)
        expected = assemble.expected(analysis, layers)
        coverage = assemble.coverage(analysis, findings)
        limits = (*limit_line(analysis, shapes), *assemble.untold_line(analysis, findings))
        used = plugins.listing()
        claims = assemble.claim_lines(analysis, findings, expected.integrations, used)
        return AuditResult(
            stackaudit_version=_version(),
            ruleset_hash=_ruleset_hash(rules, thresholds, catalog),
            as_of=as_of,
            as_of_source=as_of_source,
            input=stack.file,
            company=assemble.company(analysis),
            settings_overrides=_sorted((*_overrides(loaded, catalog, rules), *changes)),
            shape=shape,
            findings=findings,
            waivers=states(waivers, findings, as_of),
            tally=tally(findings),
            rules=_rule_infos(rules, plugins),
            root_causes=causes,
            tools=assemble.tools(analysis, shape.need.label, findings),
            integrations=assemble.integrations(analysis),
            expected=expected,
            layers=layers,
            overlaps=assemble.overlaps(analysis, findings),
            links=assemble.links(analysis),
            handoffs=assemble.handoffs(analysis, shape.need.label),
            signals=assemble.signals(analysis),
            ownership=ownership(analysis),
            agents=assemble.agents(analysis),
            benchmarks=assemble.benchmarks(analysis),
            metrics=assemble.metrics(analysis),
            roadmap=plan,
            counterfactual=listed(analysis, steps),
            spend=assemble.spend(analysis, findings),
            coverage=coverage.model_copy(update={"assumptions": (*coverage.assumptions, *claims, *limits)}),
            plugins=used,
            problems=_problems(loaded, plugins, broken),
        ).named(assemble.names(catalog))


def _sealed(catalog: Catalog) -> Catalog:
    """The catalogue with tables that no rule can change, so that a plugin's cannot weigh for the others."""
    tables = {name: getattr(catalog, name) for name in type(catalog).model_fields}
    return catalog.model_copy(update={n: MappingProxyType(t) for n, t in tables.items() if isinstance(t, dict)})


def _waived_tool(analysis: Analysis, name: str) -> str:
    """The tool id that a waiver means; the name itself where no tool has it."""
    if name in analysis.stack.by_id:
        return name
    same = [t.id for t in analysis.stack.tools if name in {t.entry.tool, t.name}]
    return same[0] if len(same) == 1 else name


def _version() -> str:
    from stackaudit import __version__

    return __version__


def _ruleset_hash(rules: tuple[Rule, ...], thresholds: Mapping[str, float], catalog: Catalog) -> str:
    """Changes when rules, thresholds or weights do, and not when a text does."""
    weights = {w.id: w.weight for w in (*catalog.stack_weights, *catalog.org_weights)}
    lists = (sorted(r.id for r in rules), sorted(thresholds.items()), sorted(weights.items()))
    content = f"[{', '.join([*map(json.dumps, lists), catalog.scoring.rated])}]"
    return hashlib.sha256(content.encode()).hexdigest()[:16]


def _rule_infos(rules: tuple[Rule, ...], plugins: Plugins) -> dict[str, RuleInfo]:
    """The texts of the rules; the source of one that a plugin brought names the plugin first."""
    return {
        r.id: _rule_info(r.title, r.why, r.fix, r.waive_when, r.threshold, _brought(r, plugins))
        for r in sorted(rules, key=lambda r: r.id)
    }


@lru_cache(maxsize=256)
def _rule_info(title: str, why: str, fix: str, waive_when: str, threshold: str, source: str) -> RuleInfo:
    """The texts of one rule, which are the same for every client of a portfolio."""
    from stackaudit.model.result import RuleInfo

    return RuleInfo(title=title, why=why, fix=fix, waive_when=waive_when, threshold=threshold, source=source)


def _brought(rule: Rule, plugins: Plugins) -> str:
    plugin, distribution = plugins.giver("stackaudit_rules", rule.id)
    return rule.source if distribution in (None, _OWN) else f"plugin {plugin} ({distribution}): {rule.source}"


def _overrides(loaded: LoadedInventory, catalog: Catalog, rules: tuple[Rule, ...]) -> tuple[Override, ...]:
    from stackaudit.model.part import Override

    settings = loaded.inventory.settings
    defaults = {r.id: r.severity.value for r in rules}
    found = []
    for rule, setting in settings.rules.items():
        if setting.severity is not None:
            found.append(Override(kind="severity", name=rule, default=defaults.get(rule), value=setting.severity.value))
        if setting.enabled is not None:
            found.append(Override(kind="enabled", name=rule, default="yes", value="yes" if setting.enabled else "no"))
    for name, value in settings.thresholds.items():
        default = catalog.thresholds.get(name)
        found.append(
            Override(kind="threshold", name=name, default=f"{default.value:g}" if default else None, value=f"{value:g}")
        )
    found += [Override(kind="alias", name=alias, value=target) for alias, target in settings.aliases.items()]
    if settings.fx:
        for currency, rate in (settings.fx.model_extra or {}).items():
            found.append(Override(kind="fx", name=currency, value=f"{float(rate):g}"))
    return tuple(found)


def _sorted(overrides: tuple[Override, ...]) -> tuple[Override, ...]:
    return tuple(sorted(overrides, key=lambda o: (o.kind, o.name, o.value)))


def _problems(loaded: LoadedInventory, plugins: Plugins, broken: tuple[PluginProblem, ...]) -> tuple[Problem, ...]:
    from stackaudit.model.result import Problem

    found = [
        Problem(kind="plugin", source=p.plugin, distribution=p.distribution, stage=p.stage, message=p.message)
        for p in plugins.problems
    ]
    for p in broken:
        plugin, distribution = plugins.giver("stackaudit_rules", p.plugin)
        outside = distribution not in (None, _OWN)
        found.append(
            Problem(
                kind="rule",
                source=p.plugin,
                distribution=distribution if outside else None,
                stage=p.stage,
                message=f"plugin {plugin}: {p.message}" if outside else p.message,
            )
        )
    found += [
        Problem(kind="input", source=f"{p.file}:{p.line}" if p.line else p.file, stage="check", message=p.what)
        for p in loaded.problems
    ]
    return tuple(sorted(found, key=lambda p: (p.kind, p.source, p.stage, p.message)))
