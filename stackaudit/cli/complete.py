"""What a shell completes outside the catalogue's commands; silent where it fails."""

from __future__ import annotations


def complete_rule(incomplete: str) -> list[tuple[str, str]]:
    """Ids of rules that begin with what was typed, with their titles."""
    try:
        from stackaudit.catalog import load_catalog

        rules = load_catalog().rules
        return [(i, rules[i].title) for i in sorted(rules) if i.startswith(incomplete.upper())]
    except Exception:  # a shell that is asked to complete must not show a traceback
        return []


def complete_source(incomplete: str) -> list[tuple[str, str]]:
    """Sources of imports that begin with what was typed, with their titles."""
    try:
        from stackaudit.importers import BuiltinImporters

        found = BuiltinImporters().stackaudit_importers()
        return sorted((i.id, i.title) for i in found if i.id.startswith(incomplete))
    except Exception:  # as above
        return []


def complete_example(incomplete: str) -> list[str]:
    """Names of the examples that begin with what was typed."""
    try:
        from stackaudit.cli.init import examples

        return sorted(name for name in examples() if name.startswith(incomplete))
    except Exception:  # as above
        return []


def complete_alias(incomplete: str) -> list[str]:
    """``NAME=TOOL``: the tool behind the sign, once there is one."""
    from stackaudit.cli.catalog.commands import complete_tool

    name, sign, tool = incomplete.rpartition("=")
    return [f"{name}={found}" for found, _ in complete_tool(tool)] if sign else []
