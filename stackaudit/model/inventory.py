"""The inventory (version 1): what a company declares about its stack, exactly as the contract names it."""

import datetime as dt
import re
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, model_validator

from stackaudit.model.closed import Closed
from stackaudit.model.vocabulary import (
    NOTHING,
    Account,
    AttributionModel,
    Cadence,
    ConflictRule,
    Direction,
    EdgeStatus,
    Environment,
    FundingStage,
    Latency,
    Method,
    Motion,
    Pricing,
    Severity,
    SignalId,
    ToolStatus,
)

MAX_TEXT = 2_000
MAX_NUMBER = 1e15
FIRST_YEAR, LAST_YEAR = 1990, 2100
"""Days of a stack file lie within, so that reckoning with them never leaves the calendar."""


def _yes_no(value: object) -> object:
    if isinstance(value, str):
        try:
            return {"true": True, "yes": True, "false": False, "no": False}[value.lower()]
        except KeyError:
            raise ValueError("expected true, false, yes or no") from None
    if isinstance(value, bool):
        return value
    raise ValueError("expected true, false, yes or no")


def _plain_number(value: object) -> object:
    if isinstance(value, bool):
        raise ValueError("expected a plain number, not true or false")
    if isinstance(value, str):
        if not re.fullmatch(r"[+-]?\d{1,18}(\.\d{1,12})?", value.strip()):
            raise ValueError("expected a plain number such as 48000 or 1.5, without separators or currency signs")
        return value.strip()
    return value


def _whole_number(value: object) -> object:
    value = _plain_number(value)
    if isinstance(value, str) and "." in value:
        raise ValueError("expected a whole number")
    return value


def _iso_date(value: object) -> object:
    if isinstance(value, str) and not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value.strip()):
        raise ValueError("expected an ISO date such as 2026-09-01")
    if isinstance(value, int | float):
        raise ValueError("expected an ISO date such as 2026-09-01")
    return value.strip() if isinstance(value, str) else value


def _near(day: dt.date) -> dt.date:
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValueError(f"expected a year from {FIRST_YEAR} to {LAST_YEAR}")
    return day


def _somebody(value: str | None) -> str | None:
    """Who is named; a word that stands for nobody names nobody."""
    return None if value is None or value.strip().casefold() in NOTHING else value


YesNo = Annotated[bool, BeforeValidator(_yes_no)]
Money = Annotated[float, BeforeValidator(_plain_number), Field(ge=0, le=MAX_NUMBER, allow_inf_nan=False)]
Number = Annotated[float, BeforeValidator(_plain_number), Field(ge=-MAX_NUMBER, le=MAX_NUMBER, allow_inf_nan=False)]
Count = Annotated[int, BeforeValidator(_whole_number), Field(ge=0, le=100_000_000)]
Date = Annotated[dt.date, BeforeValidator(_iso_date), AfterValidator(_near)]
Text = Annotated[str, Field(max_length=MAX_TEXT)]
Name = Annotated[str, Field(min_length=1, max_length=200)]
Person = Annotated[Text | None, AfterValidator(_somebody)]
Ident = Annotated[str, Field(min_length=1, max_length=100, pattern=r"^[A-Za-z0-9][A-Za-z0-9_.:\-]*$")]


class Headcount(Closed):
    """People by role."""

    quota_reps: Count | None = None
    sdr: Count | None = None
    marketing: Count | None = None
    cs: Count | None = None
    ops: Count | None = None


class Acquisition(Closed):
    """A bought company; its tools carry ``scope`` (default ``bu:`` and the lower-case name)."""

    name: Name
    closed: Date | None = None
    scope: Text | None = None


class Company(Closed):
    """Who is audited. Money in ``currency``."""

    name: Name | None = None
    employees: Count | None = None
    arr: Money | None = None
    currency: Text | None = None
    acv: Money | None = None
    funding_stage: FundingStage | None = None
    motions: tuple[Motion, ...] | None = None
    regions: tuple[Text, ...] | None = None
    business_model: Text | None = None
    growth_plan: Text | None = None
    headcount: Headcount = Headcount()
    acquisitions: tuple[Acquisition, ...] = ()


class Practices(Closed):
    """How the teams work together; feeds the comparison tables and the advice."""

    comp_plan_scope: tuple[Literal["sales", "marketing", "csm"], ...] | None = None
    reporting_cadence: tuple[Cadence, ...] | None = None
    forecast_scope: Literal["sales", "revenue"] | None = None
    attribution_model: AttributionModel | None = None
    process_scope: Literal["sales_cycle", "lifecycle"] | None = None
    shared_definitions: YesNo | None = None
    icp: YesNo | None = None
    handoff_slas: YesNo | None = None
    rituals: YesNo | None = None


class Owns(Closed):
    """Who owns each system area: revops, sales_ops, marketing, cs, finance, data, it, none."""

    crm_data_model: Text | None = None
    map: Text | None = None
    cs_systems: Text | None = None
    bi: Text | None = None
    routing: Text | None = None
    forecasting: Text | None = None


class Org(Closed):
    """The operations function."""

    title: Text | None = None
    reports_to: Text | None = None
    team_size: Count | None = None
    scope: tuple[Literal["sales", "marketing", "cs"], ...] | None = None
    specialists: tuple[Text, ...] | None = None
    metrics_tracked: tuple[Text, ...] | None = None
    metrics_by_finance: tuple[Text, ...] | None = None
    pains: tuple[Text, ...] | None = None
    owns: Owns = Owns()
    practices: Practices = Practices()


class CoverageClaim(Closed):
    """What the file claims to know; without it an absent ``integrations`` is unknown."""

    integrations: Literal["complete", "partial"] | None = None
    teams: tuple[Text, ...] | None = None


class Decision(Closed):
    """A renewal decision that is on record."""

    verdict: Text | None = None
    on: Date | None = None
    by: Text | None = None


class Imported(Closed):
    """Where imported fields came from; a tool that several sources list has one of these for each."""

    source: Text | None = None
    key: Text | None = None
    on: Date | None = None
    fields: tuple[Text, ...] | None = None


class ToolEntry(Closed):
    """One declared tool (an instance). Only ``tool`` is required; a bare name is short for ``{tool: name}``."""

    tool: Name
    id: Ident | None = None
    team: Text | None = None
    owner: Person = None
    technical_owner: Person = None
    scope: Text | None = None
    environment: Environment = "production"
    status: ToolStatus = "active"
    since: Date | None = None
    replaces: Text | None = None
    overlap_ends: Date | None = None
    seats: Count | None = None
    active_seats: Count | None = None
    pricing: Pricing | None = None
    annual_cost: Money | None = None
    currency: Text | None = None
    contract_end: Date | None = None
    notice_days: Count | None = None
    auto_renew: YesNo | None = None
    decision: Decision | None = None
    criticality: Annotated[int, BeforeValidator(_whole_number), Field(ge=1, le=4)] | None = None
    satisfaction: Annotated[float, BeforeValidator(_plain_number), Field(ge=1, le=5)] | None = None
    edition: Text | None = None
    modules: tuple[Text, ...] | None = None
    sso: YesNo | None = None
    holds_pii: YesNo | None = None
    dpa: YesNo | None = None
    data_region: Text | None = None
    out_of_scope: YesNo = False
    licensed: tuple[Ident, ...] | None = None
    in_use: tuple[Ident, ...] | None = None
    system_of_record_for: tuple[Ident, ...] | None = None
    vendor: Text | None = None
    domain: Text | None = None
    layer: Ident | None = None
    capabilities: tuple[Ident, ...] | None = None
    notes: Text | None = None
    verified_on: Date | None = None
    imported: Imported | tuple[Imported, ...] | None = None

    @model_validator(mode="before")
    @classmethod
    def _short_form(cls, data: Any) -> Any:
        return {"tool": data} if isinstance(data, str) else data


class Integration(Closed):
    """A declared connection between two tools, by their inventory ids."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True, populate_by_name=True)

    source: Name = Field(alias="from")
    target: Name = Field(alias="to")
    direction: Direction = "one_way"
    objects: tuple[Ident, ...] | None = None
    fields: tuple[Text, ...] | None = None
    method: Method | None = None
    via: Text | None = None
    latency: Latency | None = None
    status: EdgeStatus = "live"
    conflict_rule: ConflictRule | None = None
    priority: Count | None = None
    account: Account | None = None
    owner: Text | None = None
    monitored: YesNo | None = None
    verified_on: Date | None = None


class Play(Closed):
    """Who does what when a signal fires: the declaration that turns a possible reaction into an intended one."""

    signal: SignalId
    tool: Name
    owner: Person = None
    sla_minutes: Count | None = None


class Waiver(Closed):
    """An accepted exception: it holds a rule back for some tools until it expires."""

    rule: Ident
    tools: tuple[Name, ...] = ()
    reason: Text
    owner: Text | None = None
    expires: Date | None = None


class Scenario(Closed):
    """A change to try out."""

    remove: tuple[Name, ...] = ()
    add: tuple[ToolEntry, ...] = ()
    replace: dict[str, Name] = Field(default_factory=dict)
    integrations: tuple[Integration, ...] = ()


class RuleSetting(Closed):
    """What an inventory changes about one rule."""

    severity: Severity | None = None
    enabled: YesNo | None = None


class Fx(Closed):
    """Dated exchange rates into the company's currency: ``{EUR: 1.08, as_of: ..., source: ...}``."""

    model_config = ConfigDict(extra="allow", frozen=True, defer_build=True)

    as_of: Date | None = None
    source: Text | None = None
    __pydantic_extra__: dict[str, Number]


class Settings(Closed):
    """Overrides that the report names."""

    rules: dict[str, RuleSetting] = Field(default_factory=dict)
    thresholds: dict[str, Number] = Field(default_factory=dict)
    fail_on: Severity | None = None
    aliases: dict[str, Name] = Field(default_factory=dict)
    fx: Fx | None = None


class Inventory(Closed):
    """One company's stack file."""

    version: Annotated[Literal[1], BeforeValidator(lambda v: int(v) if isinstance(v, str) and v.isdigit() else v)] = 1
    as_of: Date | None = None
    company: Company = Company()
    org: Org | None = None
    coverage: CoverageClaim = CoverageClaim()
    tools: tuple[ToolEntry, ...] = Field(min_length=1, max_length=20_000)
    integrations: tuple[Integration, ...] | None = Field(default=None, max_length=200_000)
    plays: tuple[Play, ...] = ()
    waivers: tuple[Waiver, ...] = ()
    scenarios: dict[str, Scenario] = Field(default_factory=dict)
    settings: Settings = Settings()

    @model_validator(mode="before")
    @classmethod
    def _bare_list(cls, data: Any) -> Any:
        return {"tools": data} if isinstance(data, list | tuple) else data
