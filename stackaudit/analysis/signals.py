"""How far each signal gets on the ladder from captured to acted upon (section 6; ``precise.md``, 15-17)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from msgspec import Struct

from stackaudit.analysis.roles import Role
from stackaudit.analysis.scoring import more_may_run
from stackaudit.graph import Path
from stackaudit.model.vocabulary import Level

if TYPE_CHECKING:
    from stackaudit.analysis import Analysis
    from stackaudit.model.catalog import Signal
    from stackaudit.model.inventory import Play


class SignalReach(Struct, frozen=True):
    """One signal: the level it reaches for sure, and the one it may reach if every unknown were kind.

    ``path`` is the best way to a tool that can act; ``late`` says that it works by itself but misses the deadline.
    """

    id: str
    level: Level
    high: Level
    sources: tuple[str, ...]
    targets: tuple[str, ...]
    plays: tuple[Play, ...]
    path: Path | None
    deadline: int
    late: bool = False

    @property
    def captured(self) -> bool:
        """Whether any tool captures it for sure."""
        return self.level > Level.NOT_CAPTURED


def signals(analysis: Analysis) -> tuple[SignalReach, ...]:
    """The ladder of every signal, in the catalogue's order.

    A signal that no changed connection can carry gets as far as in the analysis before; a play may be closed by any.
    """
    before = {s.id: s for s in analysis.before.signals if not s.plays} if analysis.before is not None else {}
    return tuple(
        before[s.id] if s.id in before and not analysis.graph.changes(s.carriers) else _reach(analysis, s)
        for s in analysis.catalog.signals.values()
    )


def shares(reached: Iterable[SignalReach]) -> tuple[int, float, float, float]:
    """Number of captured signals, and the shares of them that are reachable, owned and closed."""
    captured = [s for s in reached if s.captured]
    if not captured:
        return 0, 0.0, 0.0, 0.0

    def share(level: Level) -> float:
        return sum(s.level >= level for s in captured) / len(captured)

    return len(captured), share(Level.REACHABLE), share(Level.OWNED), share(Level.CLOSED)


def _reach(analysis: Analysis, signal: Signal) -> SignalReach:
    graph, r = analysis.graph, analysis.roles
    source = analysis.using(*signal.sources)
    plays = tuple(p for p in analysis.stack.plays if p.signal == signal.id and p.tool in graph.tools)
    acting = tuple(c for group in signal.actions for c in analysis.catalog.actions[group])
    target = analysis.using(*acting)
    if plays:
        chosen = tuple(sorted({p.tool for p in plays}))
        target = Role(chosen, chosen)
    path = graph.best_path(source.sure, target.sure, signal.carriers)
    in_time = path is not None and path.automated and path.minutes <= signal.deadline_minutes
    if not source.sure:
        level = Level.NOT_CAPTURED
    elif not in_time:
        seen = path or graph.connects(source.sure, (r.crm | r.bi | r.chat).sure, signal.carriers)
        level = Level.VISIBLE if seen else Level.DEAD_END
    else:
        level = _beyond_reach(analysis, path, plays)
    return SignalReach(
        id=signal.id,
        level=level,
        high=_best_case(analysis, source, target, plays, level, signal),
        sources=source.sure,
        targets=target.sure,
        plays=plays,
        path=path,
        deadline=signal.deadline_minutes,
        late=path is not None and path.automated and not in_time,
    )


def _beyond_reach(analysis: Analysis, path: Path | None, plays: tuple[Play, ...], *, possible: bool = False) -> Level:
    """Reachable, owned where a play names a person and a time, closed where the outcome is written back."""
    owned = [p for p in plays if p.owner and p.sla_minutes is not None]
    if not owned or path is None:
        return Level.REACHABLE
    r = analysis.roles
    book = {*r.crm.may, *r.warehouse.may} if possible else {*r.crm.sure, *r.warehouse.sure}
    closed = path.tools[-1] in book or any(e.target in book for e in analysis.graph.out(path.tools[-1]))
    return Level.CLOSED if closed else Level.OWNED


def _best_case(
    analysis: Analysis, source: Role, target: Role, plays: tuple[Play, ...], level: Level, signal: Signal
) -> Level:
    """Where the signal would stand if everything unknown were in its favour; plays are declared or absent."""
    if not source.possible:
        return level
    top = Level.CLOSED if any(p.owner and p.sla_minutes is not None for p in plays) else Level.REACHABLE
    if more_may_run(analysis, source, target):
        return max(level, top if target.possible else Level.VISIBLE)
    path = analysis.graph.best_path(source.may, target.may, signal.carriers, possible=True)
    if path is not None and path.automated and path.minutes <= signal.deadline_minutes:
        return max(level, _beyond_reach(analysis, path, plays, possible=True))
    r = analysis.roles
    seen = path or analysis.graph.connects(source.may, (r.crm | r.bi | r.chat).may, signal.carriers, possible=True)
    return max(level, Level.VISIBLE if seen else Level.DEAD_END)
