"""The closed lists of the inventory and the result: every value a script may rely on."""

from __future__ import annotations

from enum import IntEnum, StrEnum
from typing import Literal

Motion = Literal["inbound", "outbound", "plg", "enterprise", "abm", "partner"]
FundingStage = Literal[
    "pre_seed", "seed", "series_a", "series_b", "series_c", "series_d_plus", "bootstrapped", "pe_backed", "public"
]
FUNDING_STAGES: dict[str, str] = {
    "pre_seed": "pre-seed",
    "seed": "seed",
    "series_a": "Series A",
    "series_b": "Series B",
    "series_c": "Series C",
    "series_d_plus": "Series D or later",
    "bootstrapped": "bootstrapped",
    "pe_backed": "PE-backed",
    "public": "public",
}
"""How a funding stage is written in a sentence."""
Method = Literal["native", "api", "webhook", "ipaas", "etl", "reverse_etl", "cdp", "csv", "manual"]
Latency = Literal["realtime", "near_real_time", "hourly", "daily", "weekly", "manual"]
EdgeStatus = Literal["live", "degraded", "broken", "planned"]
ConflictRule = Literal["field_level", "source_wins", "last_write", "manual", "none"]
Direction = Literal["one_way", "two_way"]
ToolStatus = Literal["active", "trial", "migrating", "sunset"]
Environment = Literal["production", "sandbox"]
Pricing = Literal["seat", "usage", "flat"]
Account = Literal["service", "personal"]
Cadence = Literal["weekly", "monthly", "quarterly"]
AttributionModel = Literal["source_field", "single_touch", "multi_touch"]
SignalId = Literal[
    "inbound_request",
    "third_party_intent",
    "pql",
    "champion_job_change",
    "call_risk_or_intent",
    "stalled_deal",
    "usage_drop",
    "health_drop",
    "support_escalation",
    "renewal_window",
    "expansion_threshold",
]
VendorState = Literal["active", "renamed", "absorbed", "merged", "sunset", "retired"]
Basis = Literal["sourced", "snapshot", "classified"]
Family = Literal["record", "engage", "signal", "measure", "integrate", "govern"]
Passage = Literal["works", "weak", "broken", "not_needed", "not_applicable", "unknown"]
"""How a handoff or a cross-functional link stands."""

LATENCY_MINUTES: dict[str, int] = {
    "realtime": 1,
    "near_real_time": 15,
    "hourly": 60,
    "daily": 1_440,
    "weekly": 10_080,
    "manual": 43_200,
}
"""Minutes that one hop of each latency class adds to a path (contract, section 1)."""

ASSUMED_LATENCY: Latency = "daily"
"""What an integration without a latency counts as; marked as assumed wherever it decides something."""

NOTHING = frozenset(
    {
        "",
        "-",
        "--",
        "—",
        "–",
        "n/a",
        "n.a.",
        "none",
        "nobody",
        "no one",
        "null",
        "tbd",
        "tbc",
        "tba",
        "?",
        "??",
        "unknown",
    }
)
"""What people write where they have nothing to say: no name, no value, no person."""

MANUAL_METHODS = frozenset({"csv", "manual"})

OPEN_LISTS: dict[str, frozenset[str]] = {
    "metrics_tracked": frozenset(
        [
            "quota_attainment",
            "sales_cycle",
            "pipeline_coverage",
            "win_rate",
            "ramp_time",
            "forecast_accuracy",
            "net_new_arr",
            "nrr",
            "grr",
            "cac_payback",
            "pipeline_velocity",
            "mql_conversion",
            "clv",
            "speed_to_lead",
        ]
    ),
    "pains": frozenset(
        [
            "crm_graveyard",
            "quota_below_50",
            "admin_over_30",
            "comp_change",
            "silos",
            "lead_conversion_blame",
            "nrr_dropping",
            "cac_payback_over_18",
        ]
    ),
    "owns": frozenset(["revops", "sales_ops", "marketing", "cs", "finance", "data", "it", "none"]),
    "specialists": frozenset(["systems", "analytics", "marketing_ops", "cs_ops", "sales_ops", "enablement"]),
}
"""Values that count in the analysis; any other is a warning and is treated as unknown."""


class Tri(StrEnum):
    """What the audit knows of a statement. Unknown is never a yes and never a no."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


def either(*states: Tri) -> Tri:
    """Whether any of some statements holds: for sure, as far as is known, or not at all."""
    return next((state for state in (Tri.YES, Tri.UNKNOWN) if state in states), Tri.NO)


class Severity(StrEnum):
    """How much a finding matters, worst first."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"
    INFO = "info"
    OPPORTUNITY = "opportunity"

    @property
    def rank(self) -> int:
        """Position from worst (0) to mildest."""
        return _SEVERITY_RANKS[self]

    def milder(self) -> Severity:
        """The next milder level; low stays low."""
        return {Severity.CRITICAL: Severity.HIGH, Severity.HIGH: Severity.MEDIUM}.get(self, Severity.LOW)


_SEVERITY_RANKS = {severity: rank for rank, severity in enumerate(Severity)}


class Outcome(StrEnum):
    """What a rule concluded: it fired, it lacked input, or it broke."""

    FAIL = "fail"
    NOT_ASSESSED = "not_assessed"
    ERROR = "error"


class Confidence(StrEnum):
    """How well a conclusion is supported, best first."""

    VERIFIED = "verified"
    DECLARED = "declared"
    INFERRED = "inferred"
    UNKNOWN = "unknown"


class Effort(StrEnum):
    """Work that a fix asks for: S up to a few days, M up to a few weeks, L a project."""

    S = "S"
    M = "M"
    L = "L"


class StackLabel(StrEnum):
    """Shape of the stack."""

    UNKNOWN = "unknown"
    PRE_OPS = "pre_ops"
    SALES_OPS = "sales_ops"
    HYBRID = "hybrid"
    REVOPS = "revops"


class OrgLabel(StrEnum):
    """Shape of the organisation; none means that nobody does operations work."""

    UNKNOWN = "unknown"
    NONE = "none"
    SALES_OPS = "sales_ops"
    HYBRID = "hybrid"
    REVOPS = "revops"


class NeedLabel(StrEnum):
    """What the company needs; none means that it needs neither function yet."""

    UNKNOWN = "unknown"
    NONE = "none"
    SALES_OPS = "sales_ops"
    REVOPS = "revops"
    FULL_REVOPS = "full_revops"


class Level(IntEnum):
    """The signal ladder of the domain document, section 6.2."""

    NOT_CAPTURED = 0
    DEAD_END = 1
    VISIBLE = 2
    REACHABLE = 3
    OWNED = 4
    CLOSED = 5


SHAPE_RANK: dict[str, float] = {
    "none": 0.0,
    "pre_ops": 0.0,
    "sales_ops": 1.0,
    "hybrid": 1.5,
    "revops": 2.0,
    "full_revops": 2.0,
}
"""Common scale on which stack, organisation and need are compared; an unknown shape has no rank."""
