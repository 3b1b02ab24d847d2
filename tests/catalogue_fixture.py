"""A catalogue of a few tools whose every answer can be worked out by hand."""

from __future__ import annotations

from pathlib import Path

from stackaudit.pluginmanager import Plugins

SOURCE = 'sources: [{claim: test, url: "https://example.com", checked: 2026-01-02, basis: sourced}]'


def tool(tool_id: str, name: str, layer: str, more: str = "", links: tuple[str, ...] = ()) -> str:
    """One tool of a manifest; ``more`` is YAML at the depth of the tool's keys, links are flow records."""
    lines = [f"- id: {tool_id}", f"  name: {name}", f"  layer: {layer}", *(f"  {line}" for line in more.splitlines())]
    lines += ["  integrations:", *(f"  - {link}" for link in links)] if links else []
    return "\n".join([*lines, f"  {SOURCE}\n"])


def link(to: str, *, grade: str = "documented", checked: str = "2026-01-02", **words: str) -> str:
    """One integration; words are direction, method, objects."""
    said = {"method": "native", **words}
    basis = "sourced" if checked != "null" else "snapshot"
    parts = [f"to: {to}", *(f"{key}: {value}" for key, value in said.items()), f"basis: {basis}", f"grade: {grade}"]
    return "{" + ", ".join([*parts, f'source: "https://example.com/{to}"', f"checked: {checked}"]) + "}"


def vendor(vendor_id: str, *tools: str) -> str:
    """One manifest."""
    return f"vendor: {{id: {vendor_id}, name: {vendor_id.title()}}}\ntools:\n" + "".join(tools)


RECORDER = "capabilities: {core: [call_recording, transcription], secondary: [deal_inspection], editions: {Plus: [sequencing]}}"

MANIFESTS = {
    "ears": vendor(
        "ears",
        tool(
            "ears",
            "Ears",
            "conversation_intelligence",
            f"aliases: [Ears.io, Big Ears]\nformer_names: [{{name: Otophone, until: '2021', source: 'https://example.com/o'}}]\n{RECORDER}\nobjects: {{holds: [activity]}}\nlimits: {{max_crm: 1}}",
            (
                link("hub", direction="two_way", objects="[activity, contact]"),
                link("pipes", method="ipaas", grade="registry"),
            ),
        ),
    ),
    "tape": vendor(
        "tape",
        tool(
            "tape",
            "Tape",
            "conversation_intelligence",
            "status: {state: absorbed, successor: ears, as_of: '2025-06', source: 'https://example.com/t', note: bought}\naliases: [Recorder]\ncapabilities: {core: [call_recording], secondary: [coaching]}",
            (link("hub", direction="outbound", grade="registry", checked="null"),),
        ),
    ),
    "hub": vendor(
        "hub",
        tool(
            "hub",
            "Hub CRM",
            "crm",
            "aliases: [Recorder]\ncapabilities: {core: [opportunity_mgmt, lead_mgmt]}\nobjects: {holds: [contact, account]}",
            (
                link("ears", direction="inbound", objects="[activity]", grade="indexed", checked="2024-05-01"),
                link("care", direction="two_way", objects="[account, contact]"),
            ),
        ),
    ),
    "care": vendor("care", tool("care", "Care", "customer_success", "capabilities: {core: [health_scoring]}")),
    "pipes": vendor(
        "pipes",
        tool(
            "pipes",
            "Pipes",
            "ipaas",
            "",
            (
                link("care", method="ipaas", grade="registry"),
                link("far", method="webhook"),
                link("ears", method="webhook"),
            ),
        ),
    ),
    "far": vendor(
        "far",
        tool("far", "Far Warehouse", "warehouse", "", (link("end", direction="outbound"),)),
        tool("end", "End", "ads", "", (link("hub", direction="outbound"),)),
        tool("lone", "Lone", "gifting"),
    ),
    "suite": vendor(
        "suite",
        tool("one", "Suite One", "email", "shared_database: suite"),
        tool("two", "Suite Two", "survey", "shared_database: suite"),
    ),
}


def write(folder: Path, manifests: dict[str, str] = MANIFESTS) -> Path:
    """Write manifests into a folder."""
    folder.mkdir(exist_ok=True)
    for name, text in manifests.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return folder


def small(tmp_path: Path) -> Plugins:
    """The small catalogue, compiled into a cache of its own."""
    return Plugins.load(installed=False, manifest_dirs=[write(tmp_path / "manifests")], cache_dir=tmp_path / "cache")
