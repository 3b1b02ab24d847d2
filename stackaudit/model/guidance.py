"""What the sources say of the two functions, as data: comparison rows, ownership, advice, benchmarks, disagreements."""

from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict

from stackaudit.model.inventory import Ident, Number, Text, YesNo

Side = Literal["sales_ops", "revops", "both"]
Grade = Literal["A", "B", "C", "source_document", "synthesis"]
Whole = Annotated[int, BeforeValidator(int)]


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


class Reading(_Entry):
    """One named test of a row or pillar, with what it looks at; which fields count depends on the test.

    A reading that is not ``decisive`` can only qualify a side that another one takes.
    """

    test: Ident
    field: Text = ""
    ids: tuple[Ident, ...] = ()
    sales_ops: tuple[Text, ...] = ()
    revops: tuple[Text, ...] = ()
    sales_ops_upto: Number | None = None
    revops_from: Number | None = None
    decisive: YesNo = True


class ComparisonTable(_Entry):
    """One table of a source document, with the number of rows that it has there."""

    id: Ident
    source: Text
    rows: Whole


class ComparisonRow(_Entry):
    """One row: both readings in our words, the tests that decide the side, and the question that would answer it.

    With ``needs: all``, a single test without an answer leaves the row open.
    """

    id: Ident
    table: Ident
    row: Text
    sales_ops: Text
    revops: Text
    readings: tuple[Reading, ...]
    needs: Literal["any", "all"] = "any"
    asks: Text


class PillarText(_Entry):
    """One of the four pillars; ``strong``, ``partial`` and ``weak`` are the lines printed for each state."""

    id: Ident
    name: Text
    readings: tuple[Reading, ...]
    needs: Literal["any", "all"] = "any"
    strong: Text
    partial: Text
    weak: Text
    asks: Text


class Disagreement(_Entry):
    """A point on which the sources differ from each other or from themselves, and what the tool does about it."""

    id: Ident
    topic: Text
    source_a: Text
    source_b: Text
    tool_does: Text


class StageVote(_Entry):
    """What a funding stage calls for; stages that are not listed cast no vote."""

    id: Ident
    vote: Literal["none", "sales_ops", "revops"]


class OwnershipArea(_Entry):
    """A system area: what each function would own of it, and how its tools are recognised.

    ``field`` is the key of ``org.owns`` that declares its owner; without one, the tools' teams and owners speak.
    ``raci`` marks the areas for which the source splits the work between both functions.
    """

    id: Ident
    name: Text
    field: Ident | None = None
    capabilities: tuple[Ident, ...]
    sales_ops: Text
    revops: Text
    source: Text
    raci: YesNo = False


class OwnerWords(_Entry):
    """Words by which a team or a person's title names an owner; ``name`` is printed."""

    id: Ident
    name: Text
    words: tuple[Text, ...] = ()


class RaciText(_Entry):
    """Who is what where a company has both functions."""

    responsible: Text
    accountable: Text
    consulted: Text
    informed: Text
    source: Text


class Benchmark(_Entry):
    """One published figure for a metric; ``by`` says whether a source document or somebody else prints it."""

    id: Ident
    metric: Text
    value: Text
    source: Text
    grade: Grade
    by: Literal["source_document", "others"]


class PayBand(_Entry):
    """What source A prints for a role, in US dollars a year."""

    id: Ident
    name: Text
    base: Text
    total: Text


class Named(_Entry):
    """An id and the name it is printed by."""

    id: Ident
    name: Text


class AdviceRule(_Entry):
    """What to do about the function for some needs and organisations; the first rule that fits holds.

    ``senior`` limits it to companies above (yes) or below (no) the size from which a director has work.
    """

    id: Ident
    need: tuple[Ident, ...]
    org: tuple[Ident, ...]
    senior: YesNo | None = None
    action: Literal["hire", "restructure", "extend", "keep", "wait", "leave"]
    role: Text
    when: Text
    why: Text
    pay: Ident | None = None
    next_review: Text
    sources: tuple[Text, ...]


class Trigger(_Entry):
    """One sign that calls for a function: a pain, a stage, or a number from ``threshold`` on."""

    id: Ident
    function: Literal["sales_ops", "revops", "full_revops"]
    text: Text
    kind: Literal["employees", "arr", "quota_reps", "pain", "stage"]
    value: tuple[Text, ...] = ()
    threshold: Ident | None = None
    source: Text


class MistakeText(_Entry):
    """One common mistake and the named test that tells whether it shows."""

    id: Ident
    test: Ident
    text: Text
    source: Text


class SplitText(_Entry):
    """What one side keeps where both functions work together."""

    id: Ident
    owner: Text
    owns: Text
    source: Text
