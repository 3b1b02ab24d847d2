"""Privacy: every field is decided on, no secret is in any format, and pseudonyms agree."""

from __future__ import annotations

import io
import json
import re
import stat
import zipfile
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from stackaudit.cli.targets import FORMATS
from stackaudit.errors import UsageError
from stackaudit.model.result import AuditResult
from stackaudit.report import html, markdown, pdf
from stackaudit.report.privacy import Level, extract, redact
from stackaudit.report.privacy.policy import load_policy, read
from stackaudit.report.schema import all_fields
from stackaudit.report.words import AUDIENCES
from tests.stuffed import stuffed
from tests.support import audit_text
from tests.test_cli import run

BELOW = (Level.CLIENT, Level.VENDOR, Level.PUBLIC)
PEOPLE = ("Quenby", "Ottoline", "Persimmon", "Xanthe", "Wolfram", "Isambard", "Thaddeus")
PROSE = ("Zanzibar", "Kumquat")
COMPANY = ("Brontosaur", "Gondwana", "Lemuria", "Pangaea")
# Products that no text of the catalogue names as an example, so that a name found is a name leaked.
PRODUCTS = (
    "Pipedrive",
    "Klenty",
    "Totango",
    "Zapier",
    "Marketo",
    "Snorkelwort",
    "Frobnitz",
    "pipedrive.com",
    "adobe",
)
IDS = ("qq_crm", "qq_klenty", "qq_totango", "qq_zapier", "qq_map", "qq_own")
MONEY = ("148,213", "148213", "37,911", "37911", "16,123,457", "16123457", "61,717", "61717", "$16", "EUR")
DAYS = (
    "2027-01-30",
    "30 Jan 2027",
    "2026-10-14",
    "14 Oct 2026",
    "2026-09-14",
    "14 Sep 2026",
    "2027-03-29",
    "29 Mar 2027",
)
SIZES = ("7411", "7,411", "6823", "6,823", "1849", "1,849", "2237")
FILES = ("hippogriff",)
SECRETS = {
    Level.CLIENT: (*PEOPLE, *PROSE, *IDS),
    Level.VENDOR: (*PEOPLE, *PROSE, *IDS, *COMPANY, *PRODUCTS, *MONEY, *DAYS, *SIZES, *FILES),
    Level.PUBLIC: (*PEOPLE, *PROSE, *IDS, *COMPANY, *PRODUCTS, *MONEY, *DAYS, *SIZES, *FILES, "series_b", "outbound"),
}
STACK = """
as_of: 2026-09-01
company: {name: Brontosaur, employees: 1849, arr: 16123457, currency: EUR, funding_stage: series_b,
  motions: [inbound, outbound], regions: [Gondwana], business_model: saas_subscription, growth_plan: Lemuria,
  headcount: {quota_reps: 2237, sdr: 11, marketing: 12, cs: 9, ops: 4},
  acquisitions: [{name: Pangaea, closed: 2024-01-01, scope: "bu:pangaea"}]}
org: {title: Head of Sales Ops, reports_to: Thaddeus, team_size: 4, scope: [sales], metrics_tracked: [nrr, win_rate],
  owns: {crm_data_model: sales_ops, map: marketing}}
coverage: {integrations: complete, teams: [Lemuria]}
tools:
- {tool: Pipedrive, id: qq_crm, owner: Quenby, technical_owner: Ottoline, team: Lemuria, seats: 7411, active_seats: 1849,
   annual_cost: 148213, contract_end: 2027-01-30, notice_days: 60, auto_renew: yes, holds_pii: yes, sso: no,
   in_use: [account_contact_mgmt, lead_mgmt, opportunity_mgmt], system_of_record_for: [account], notes: Zanzibar}
- {tool: Klenty, id: qq_klenty, owner: Quenby, seats: 7411, active_seats: 2237, annual_cost: 37911,
   contract_end: 2026-10-14, notice_days: 30, auto_renew: yes, in_use: [sequencing]}
- {tool: Totango, id: qq_totango, scope: "bu:pangaea", owner: Persimmon, annual_cost: 61717, holds_pii: yes, sso: no,
   system_of_record_for: [account]}
- {tool: Zapier, id: qq_zapier, decision: {verdict: Kumquat, by: Xanthe, on: 2026-08-01}}
- {tool: Adobe Marketo Engage, id: qq_map, status: sunset, owner: Xanthe, in_use: [email_campaigns, forms_landing]}
- {tool: Snorkelwort, id: qq_own, vendor: Frobnitz, layer: support, capabilities: [ticketing], owner: Wolfram}
- {tool: Frobnitz, owner: Wolfram}
integrations:
- {from: qq_klenty, to: qq_crm, objects: [activity], method: csv, latency: weekly, owner: Isambard}
- {from: qq_own, to: qq_zapier, objects: [ticket], method: ipaas, status: degraded, account: personal, monitored: no}
- {from: qq_zapier, to: qq_crm, objects: [ticket], method: ipaas, via: Frobnitz, status: broken, account: personal}
plays: [{signal: inbound_request, tool: qq_crm, owner: Isambard, sla_minutes: 30}]
waivers:
- {rule: INV-001, tools: [qq_zapier], reason: "Kumquat wants it", owner: Thaddeus, expires: 2027-03-29}
- {rule: COST-001, tools: [qq_crm], reason: "Kumquat again", owner: Thaddeus, expires: 2026-08-01}
settings: {aliases: {Snorkelwort two: pipedrive}, rules: {RED-001: {severity: low}}}
"""


@pytest.fixture(scope="module")
def full() -> AuditResult:
    result = audit_text(STACK)
    result = result.model_copy(
        update={
            "input": "work/hippogriff.yaml",
            "findings": tuple(
                f.model_copy(
                    update={
                        "evidence": tuple(e.model_copy(update={"file": "work/hippogriff.yaml"}) for e in f.evidence)
                    }
                )
                for f in result.findings
            ),
        }
    )
    assert len(result.findings) > 15
    text = result.to_json()
    held = (
        *PEOPLE[:6],
        "Kumquat wants it",
        *COMPANY[:3],
        "Pipedrive",
        "Snorkelwort",
        *IDS,
        "148213",
        "2027-01-30",
        "7411",
    )
    assert [s for s in held if s not in text] == []
    return result


def all_text(name: str, result: AuditResult) -> str:
    """Everything that stands in an output, in every layer of it."""
    if name == "pdf":
        return pdf.page(result)
    content: Any = import_module(FORMATS[name].module).render(result)
    if isinstance(content, bytes):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return "\n".join(f"{n}\n{archive.read(n).decode('utf-8')}" for n in archive.namelist())
    return content if isinstance(content, str) else "\n".join(f"{n}\n{t}" for n, t in content.items())


def _found(text: str, secrets: tuple[str, ...]) -> list[str]:
    return [s for s in secrets if re.search(rf"(?<![\w#.]){re.escape(s)}(?![\w.])", text, re.IGNORECASE)]


def test_every_field_of_the_result_is_decided_on_and_nothing_else() -> None:
    decided = {k.rpartition("/")[2] for k in load_policy(Level.CLIENT).kinds}
    assert set(all_fields(AuditResult)) == decided


def test_every_kind_says_what_each_level_does() -> None:
    content = read()
    assert {k for fields in content["fields"].values() for k in fields.values()} == set(content["levels"])
    strict = {"keep": 0, "scrub": 1, "alias": 2, "drop": 3}
    for kind, actions in content["levels"].items():
        assert len(actions) == 3, kind
        ranks = [strict[a] for a in actions]
        assert ranks == sorted(ranks), f"{kind}: a stricter level shows more"


def test_a_field_that_nobody_decided_on_is_not_shown() -> None:
    policy = load_policy(Level.CLIENT)
    assert policy.action(policy.kind("Finding", "a_new_field", "AuditResult.findings")) == "drop"


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("level", BELOW)
def test_no_secret_is_in_any_format(level: Level, name: str, full: AuditResult) -> None:
    text = all_text(name, redact(full, level).result)
    assert _found(text, SECRETS[level]) == []


@pytest.mark.parametrize("level", BELOW)
def test_no_text_of_any_field_survives_but_what_is_decided_as_open(level: Level) -> None:
    policy = load_policy(level)
    result = redact(stuffed(lambda place: f"«{place}»"), level).result
    shown = set(re.findall(r"«([A-Z]\w+)\.(\w+)", result.to_json()))
    for owner, field in shown:
        kinds = {k for key, k in policy.kinds.items() if key.rpartition("/")[2] == f"{owner}.{field}"}
        assert {policy.action(k) for k in kinds} & {"keep", "scrub"}, f"{owner}.{field}"
    if level is not Level.CLIENT:
        assert ("Finding", "message") not in shown
        assert ("Evidence", "text") not in shown


@pytest.mark.parametrize("level", BELOW)
def test_ids_are_pseudonyms_that_agree_in_every_format_and_the_key_tells_them(level: Level, full: AuditResult) -> None:
    shown = redact(full, level)
    assert redact(AuditResult.model_validate_json(full.to_json()), level) == shown
    real = {f.id for f in full.findings} | {t.id for t in full.tools}
    made = [f.id for f in shown.result.findings]
    assert sorted(shown.key["findings"]) == sorted(made)
    assert set(shown.key["findings"].values()) == {f.id for f in full.findings}
    assert {v["id"] for v in shown.key["tools"].values()} == {t.id for t in full.tools}
    for name in set(FORMATS) - {"html"}:
        text = all_text(name, shown.result)
        assert all(i in text for i in made), name
    assert not real & {*made, *(t.id for t in shown.result.tools)}


def test_levels_cannot_be_matched_with_each_other(full: AuditResult) -> None:
    ids = [{f.id for f in redact(full, level).result.findings} for level in BELOW]
    assert not ids[0] & ids[1]
    assert not ids[1] & ids[2]


@pytest.mark.parametrize("level", BELOW)
def test_a_redacted_result_is_a_result_with_all_its_findings(level: Level, full: AuditResult) -> None:
    shown = redact(full, level).result
    again = AuditResult.model_validate_json(shown.to_json())
    assert again == shown
    assert again.privacy == level.value
    assert len(again.findings) == len(full.findings)
    assert sum(not f.evidence for f in again.findings) == sum(not f.evidence for f in full.findings)
    for finding in again.findings:
        assert len({(e.text, e.line, e.source) for e in finding.evidence}) == len(finding.evidence)
    tools = {t.id for t in again.tools}
    assert all(set(f.subjects) <= tools for f in again.findings)
    assert all(f.message and f.title for f in again.findings)
    causes = {c.id for c in again.root_causes}
    assert all(f.root_cause is None or f.root_cause in causes for f in again.findings)


@pytest.mark.parametrize("level", [Level.VENDOR, Level.PUBLIC])
def test_lines_of_evidence_that_cannot_be_shown_are_counted_once_for_each_finding(
    level: Level, full: AuditResult
) -> None:
    shown = redact(full, level).result
    counted = re.compile(r"Left out at this level of privacy: (\d+) lines? of evidence\.")
    told = [[e.text for e in f.evidence] for f in shown.findings]
    withheld = [[int(m[1]) for t in texts if (m := counted.fullmatch(t))] for texts in told]
    assert all(len(found) <= 1 for found in withheld)
    assert sum(map(sum, withheld)) >= 5
    lines = sum(len(f.evidence) for f in full.findings)
    assert sum(map(sum, withheld)) + sum(not counted.fullmatch(t) for texts in told for t in texts) <= lines


@pytest.mark.parametrize("level", BELOW)
def test_pages_say_at_once_for_whom_they_were_written(level: Level, full: AuditResult) -> None:
    shown = redact(full, level).result
    said = AUDIENCES[level]
    assert said in html.render(shown).partition('id="verdict"')[0]
    assert said in pdf.page(shown).partition("<nav>")[0]
    assert said in markdown.render(shown).partition("## ")[0]
    assert said not in html.render(full)


def test_an_extract_says_at_once_that_it_is_one(full: AuditResult) -> None:
    part = extract(full, findings=(full.findings[0].id,))
    assert "This is an extract: 1 of " in html.render(part).partition('id="verdict"')[0]


def test_a_vendor_reads_names_by_layer_and_what_the_finding_is(full: AuditResult) -> None:
    shown = redact(full, Level.VENDOR).result
    names = {t.name for t in shown.tools}
    assert "CRM 1" in names
    messages = [f.message for f in shown.findings]
    assert any("CRM 1" in m for m in messages)
    assert any("CRM 1" in e.text for f in shown.findings for e in f.evidence)


def test_the_verdict_for_everybody_counts_signals_as_the_figures_do(full: AuditResult) -> None:
    shown = redact(full, Level.PUBLIC).result
    captured = [s for s in shown.signals if s.level > 0]
    assert 0 < len(captured) < len(shown.signals)
    assert f" of {len(captured)} captured signal" in shown.shape.verdict.facts[2]


def test_what_a_connection_runs_through_is_a_tool_under_its_pseudonym() -> None:
    flow = "{from: crm, to: wh, objects: [lead], method: etl, via: Fivetran}"
    tools = "[{tool: Salesforce, id: crm}, {tool: Snowflake, id: wh}, {tool: Fivetran, id: pipe}]"
    result = audit_text(f"tools: {tools}\nintegrations: [{flow}]\n")
    for level in (Level.CLIENT, Level.VENDOR, Level.PUBLIC):
        shown = redact(result, level).result
        assert {i.via for i in shown.integrations} < {t.id for t in shown.tools}


def test_functions_that_own_something_are_not_people() -> None:
    result = audit_text("- {tool: Salesforce, owner: RevOps}\n- {tool: Gong, owner: Zed Quux}\n")
    owners = [t.owner for t in redact(result, Level.PUBLIC).result.tools]
    assert sorted(filter(None, owners)) == ["Person 1", "RevOps"]


def test_money_is_not_called_undeclared_where_it_is_only_not_shown(full: AuditResult) -> None:
    text = all_text("md", redact(full, Level.VENDOR).result)
    assert "no tool declares its cost" not in text
    assert "Written for a vendor" in text


def test_an_extract_for_an_owner_holds_what_concerns_their_tools(full: AuditResult) -> None:
    part = extract(full, owner="quenby")
    own = {"qq_crm", "qq_klenty"}
    assert 0 < len(part.findings) < len(full.findings)
    assert all(set(f.subjects) & own for f in part.findings)
    assert {r.tool for r in part.spend.renewals} <= own
    assert "This is an extract" in part.coverage.assumptions[0]
    for name in FORMATS:
        text = all_text(name, part)
        gone = {f.id for f in full.findings} - {f.id for f in part.findings}
        assert not [i for i in gone if i in text], name


def test_an_extract_for_findings_holds_these_and_their_causes(full: AuditResult) -> None:
    wanted = [f.id for f in full.findings[:2]]
    part = extract(full, findings=wanted)
    assert [f.id for f in part.findings] == wanted
    assert {i for c in part.root_causes for i in c.findings} <= set(wanted)


def test_an_extract_keeps_the_pseudonyms_of_the_whole(full: AuditResult) -> None:
    whole = redact(full, Level.VENDOR)
    part = redact(extract(full, owner="Quenby"), Level.VENDOR, whole=full)
    assert {f.id for f in part.result.findings} < {f.id for f in whole.result.findings}
    assert _found(part.result.to_json(), SECRETS[Level.VENDOR]) == []


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"owner": "Quenbi"}, "did you mean 'Quenby'"),
        ({"findings": ["0000"]}, "is not in the result"),
    ],
)
def test_an_extract_of_nothing_is_refused_in_words(full: AuditResult, options: dict[str, Any], words: str) -> None:
    with pytest.raises(UsageError, match=words):
        extract(full, **options)


def test_a_slip_in_the_name_of_a_connections_owner_is_suggested_like_any_other() -> None:
    result = audit_text("tools: [Gong, Salesforce]\nintegrations: [{from: gong, to: salesforce, owner: Thelonious}]\n")
    assert extract(result, owner="Thelonious").integrations == result.integrations
    with pytest.raises(UsageError, match="did you mean 'Thelonious'"):
        extract(result, owner="Theloniuos")


def test_who_owns_an_idle_waiver_alone_is_shown_it() -> None:
    waivers = "waivers: [{rule: RED-001, tools: [gong], reason: agreed, owner: Thelonious}]"
    result = audit_text(f"tools: [{{tool: Gong, owner: Quenby}}, Salesforce]\n{waivers}\n")
    part = extract(result, owner=" thelonious")
    assert [w.owner for w in part.waivers] == ["Thelonious"]
    assert extract(result, owner="Quenby").waivers == ()
    with pytest.raises(UsageError, match="owns nothing"):
        extract(result, owner=" ")


def test_an_extract_names_only_what_it_speaks_of() -> None:
    full = audit_text(
        "tools: [{tool: Gong, owner: Quenby}, {tool: Bloomreach, owner: Thelonious, out_of_scope: true}]\n"
    )
    part = extract(full, owner="Quenby")
    assert [t.id for t in part.tools] == ["gong"]
    spoken = {c for t in part.tools for c in (*t.capabilities.offered, *t.capabilities.unknown)}
    assert set(part.names.capabilities) == spoken < set(full.names.capabilities)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "hippogriff.yaml").write_text(STACK)
    return tmp_path


def test_the_command_line_writes_for_a_vendor_with_a_key_beside(folder: Path) -> None:
    done = run(
        "audit",
        "hippogriff.yaml",
        "--privacy",
        "vendor",
        "--key",
        "v.key.json",
        "-o",
        "v.json",
        "-o",
        "v.md",
        cwd=folder,
    )
    assert done.returncode == 0, done.stderr
    assert (
        _found(done.stdout + (folder / "v.json").read_text() + (folder / "v.md").read_text(), SECRETS[Level.VENDOR])
        == []
    )
    key = json.loads((folder / "v.key.json").read_text())
    assert "Quenby" in key["people"].values()
    assert stat.S_IMODE((folder / "v.key.json").stat().st_mode) == 0o600
    assert run("report", "v.json", "--privacy", "public", "-o", "p.json", cwd=folder).returncode == 2


def test_audit_and_report_redact_alike(folder: Path) -> None:
    run("audit", "hippogriff.yaml", "-q", "-o", "full.json", cwd=folder)
    run("audit", "hippogriff.yaml", "-q", "--privacy", "client", "-o", "a.json", cwd=folder)
    assert run("report", "full.json", "--privacy", "client", "-o", "b.json", cwd=folder).returncode == 0
    assert (folder / "a.json").read_bytes() == (folder / "b.json").read_bytes()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--privacy", "secret"], "expected one of full, client, vendor, public"),
        (["--key", "k.json"], "has no pseudonyms"),
        (["--privacy", "client", "--key", "none/k.json"], "does not exist"),
        (["--privacy", "client", "--key", "a.json", "-o", "a.json"], "named for two outputs"),
        (["--privacy", "client", "--key", "hippogriff.yaml"], "is the file that is read"),
        (["--owner", "Nobody Atall"], "owns nothing"),
        (["--finding", "x"], "is not in the result"),
    ],
    ids=lambda v: " ".join(v) if isinstance(v, list) else "",
)
def test_what_cannot_be_is_refused_with_2(folder: Path, arguments: list[str], words: str) -> None:
    done = run("audit", "hippogriff.yaml", *arguments, cwd=folder)
    assert done.returncode == 2
    assert words in done.stderr
    assert sorted(p.name for p in folder.iterdir()) == ["hippogriff.yaml"]


@pytest.mark.parametrize("level", BELOW)
def test_a_comparison_shows_no_more_than_its_readers_may_see(folder: Path, level: Level) -> None:
    (folder / "later.yaml").write_text(STACK.replace("active_seats: 2237", "active_seats: 2238"))
    run("audit", "hippogriff.yaml", "-q", "-o", "a.json", cwd=folder)
    run("audit", "later.yaml", "-q", "-o", "b.json", cwd=folder)
    outputs = [part for ending in ("html", "md", "json") for part in ("-o", f"d.{ending}")]
    done = run("diff", "a.json", "b.json", "--privacy", str(level), *outputs, cwd=folder)
    assert done.returncode == 0, done.stderr
    said = json.loads((folder / "d.json").read_text())
    assert said["tools_added"] == said["tools_removed"] == []
    assert {f["kind"] for f in said["findings"]} <= {"unchanged", "changed"}
    for ending in ("html", "md", "json"):
        assert _found((folder / f"d.{ending}").read_text(), SECRETS[level]) == []


@pytest.mark.parametrize("level", BELOW)
def test_a_tried_change_shows_no_more_than_its_readers_may_see(folder: Path, level: Level) -> None:
    asked = ("whatif", "hippogriff.yaml", "--remove", "qq_klenty", "--privacy", str(level))
    done = run(*asked, "-o", "w.json", "-o", "w.html", cwd=folder)
    assert done.returncode == 0, done.stderr
    said = json.loads((folder / "w.json").read_text())
    assert len(said["tools_removed"]) == 1
    assert (said["money"] is None) is (level is not Level.CLIENT)
    for name in ("w.json", "w.html"):
        assert _found((folder / name).read_text(), SECRETS[level]) == []


def test_results_with_pseudonyms_are_not_compared(folder: Path) -> None:
    run("audit", "hippogriff.yaml", "-q", "--privacy", "client", "-o", "a.json", cwd=folder)
    done = run("diff", "a.json", "a.json", cwd=folder)
    assert done.returncode == 2
    assert "has pseudonyms of its own and cannot be compared" in done.stderr
