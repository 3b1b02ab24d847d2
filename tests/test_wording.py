"""How counts, times and lists stand in a sentence."""

from __future__ import annotations

import pytest

from stackaudit.wording import duration, in_days, join, late, plural, spelled


@pytest.mark.parametrize(
    ("minutes", "said"),
    [
        (0, "at once"), (1, "1 min"), (59, "59 min"), (60, "1 hour"), (90, "1.5 hours"), (1_440, "1 day"),
        (2_880, "2 days"), (10_080, "1 week"), (43_200, "1 month"), (None, ""), (-5, ""),
    ],
)  # fmt: skip
def test_a_time_is_told_in_the_largest_unit_that_fits(minutes: int | None, said: str) -> None:
    assert duration(minutes) == said


@pytest.mark.parametrize(
    ("minutes", "limit", "said"),
    [
        (10_080, 1_440, "after 1 week, later than 1 day"),
        (61, 60, "after 61 min, later than 60 min"),
        (1_500, 1_440, "after 1,500 min, later than 1,440 min"),
    ],
)
def test_what_is_late_is_told_so_that_the_two_times_differ(minutes: int, limit: int, said: str) -> None:
    assert late(minutes, limit) == said


def test_counts_and_lists_agree_with_their_nouns() -> None:
    assert [plural(n, "tool") for n in (0, 1, 1_200)] == ["0 tools", "1 tool", "1,200 tools"]
    assert [in_days(n) for n in (0, 1, 2)] == ["today", "in 1 day", "in 2 days"]
    assert [join(x) for x in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == ["", "a", "a and b", "a, b and c"]


def test_fields_and_values_are_spelled_as_people_write_them() -> None:
    assert [spelled(x) for x in ("handoff_slas", "icp", "named_csm", "sales")] == [
        "handoff SLAs",
        "ICP",
        "named CSM",
        "sales",
    ]
