"""``stackaudit plugins list``: what there is, from which distribution, with how many facts."""

from __future__ import annotations

from stackaudit.cli.output import is_terminal, note, out


def listing(*, installed: bool) -> int:
    """Print every plugin, one a line; in a pipe tab-separated and untruncated. 3 where one failed."""
    from stackaudit import audit as engine

    plugins = engine.open_plugins(installed=installed)
    plugins.rules()
    infos = plugins.all_plugins()
    wide = is_terminal(err=False)
    if wide:
        out(f"{'PLUGIN':<28} {'KIND':<7} {'DISTRIBUTION':<16} {'VERSION':<8} {'FACTS':>5}  OLDEST")
    for info in infos:
        oldest = info.oldest.isoformat() if info.oldest else ""
        columns = (info.name, info.kind, info.distribution or "", info.version or "", str(info.facts), oldest)
        if wide:
            out(f"{columns[0]:<28} {columns[1]:<7} {columns[2]:<16} {columns[3]:<8} {columns[4]:>5}  {oldest}")
        else:
            out("\t".join(columns))
    for problem in plugins.problems:
        where = f" ({problem.distribution})" if problem.distribution else ""
        note(f"problem: plugin {problem.plugin}{where}: {problem.stage}: {problem.message}")
    return 3 if plugins.problems else 0
