"""Numbers, dates and words as people write them: decided by the column, or said to be ambiguous."""

from __future__ import annotations

import datetime as dt

import pytest

from stackaudit.importers.dates import dates
from stackaudit.importers.numbers import money, numbers
from stackaudit.importers.values import days, statuses, yes_no
from stackaudit.model.importing import Cell

DAY = dt.date(2027, 1, 31)


def plain(cells: list[Cell], **options: bool) -> list[object]:
    return [v.value for v in numbers(cells, **options)]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1.298,12", 1298.12),
        ("1,298.12", 1298.12),
        ("$84k", 84_000),
        ("1.5m", 1_500_000),
        ("€ 1.234.567", 1_234_567),
        ("USD 12000", 12_000),
        ("1'200.50", 1200.5),
        ("0.125", 0.125),
        ("12000.500", 12000.5),
        ("$1,234,567 / year", 1_234_567),
        (12.5, 12.5),
    ],
)
def test_a_number_that_leaves_no_doubt_is_read(text: Cell, number: float) -> None:
    assert plain([text]) == [number]


def test_another_number_of_the_column_decides_what_a_point_means() -> None:
    assert plain(["1.298,12", "1.500"]) == [1298.12, 1500]
    assert plain(["1.50", "1.500"]) == [1.5, 1.5]


def test_a_number_that_may_be_read_in_two_ways_is_left_out_with_the_reason() -> None:
    (value,) = numbers(["1.500"])
    assert value.value is None
    assert "thousands or of decimals" in value.problem


def test_two_styles_in_one_column_decide_nothing() -> None:
    assert plain(["1.298,12", "1,298.12", "1,298"]) == [1298.12, 1298.12, None]


def test_counts_have_no_fractions_so_three_digits_are_a_group() -> None:
    assert plain(["1.298", "2,500"], whole=True) == [1298, 2500]


def test_a_sum_of_money_has_two_decimals_so_three_digits_are_a_group() -> None:
    assert [v.value for v in money(["$148,000", "66.000 €", "12"])] == [148_000, 66_000, 12]


def test_three_digits_behind_the_mark_that_begins_a_fraction_elsewhere_stay_in_doubt() -> None:
    assert [v.value for v in money(["1.298,12", "1,298"])] == [1298.12, None]
    assert [v.value for v in money(["$1.250m"])] == [None]


@pytest.mark.parametrize(
    ("text", "value", "often"),
    [
        ("$500/mo", 500, 12),
        ("1.200,50 € pro Monat", 1200.5, 12),
        ("12k p.a.", 12_000, 1),
        ("$66,000/yr", 66_000, 1),
        ("400 per quarter", 400, 4),
        ("$5m", 5_000_000, None),
        ("500 a month", 500, 12),
    ],
)
def test_a_price_may_say_its_period(text: str, value: float, often: int | None) -> None:
    (found,) = money([text])
    assert (found.value, found.per_year) == (value, often)


@pytest.mark.parametrize("text", ["$25/user/month", "12 per seat", "9 € pro Nutzer"])
def test_a_price_for_each_user_is_no_sum(text: str) -> None:
    assert "for each user" in money([text])[0].problem


def test_accountants_write_a_negative_sum_in_brackets() -> None:
    assert money(["(1,200.00)"])[0].value == -1200


@pytest.mark.parametrize("text", ["abc", "1.2.3,4", "1,23,456.7.8", "12-13"])
def test_what_is_no_number_is_said(text: str) -> None:
    assert numbers([text])[0].problem


@pytest.mark.parametrize("text", ["", "-", "n/a", None, "TBD"])
def test_a_cell_that_says_nothing_is_no_problem(text: Cell) -> None:
    assert numbers([text])[0].value is None
    assert not numbers([text])[0].problem


@pytest.mark.parametrize(("text", "currency"), [("€ 5", "EUR"), ("5 £", "GBP"), ("5 CHF", "CHF"), ("$5", None)])
def test_a_currency_is_read_where_its_sign_names_one(text: str, currency: str | None) -> None:
    assert numbers([text])[0].currency == currency


@pytest.mark.parametrize(
    "text",
    [
        "2027-01-31",
        "31.01.2027",
        "01/31/2027",
        "31/01/2027",
        "46418",
        46418,
        "Jan 31, 2027",
        "31 January 2027",
        "Jan 31st, 2027",
        "31. Januar 2027",
        "1/31/27",
        "31.01.27",
        "2027-01-31T00:00:00Z",
        DAY,
    ],
)
def test_a_date_that_leaves_no_doubt_is_read(text: Cell) -> None:
    assert [v.value for v in dates([text])] == [DAY]


def test_another_date_of_the_column_decides_whether_the_month_comes_first() -> None:
    assert [v.value for v in dates(["01/31/2027", "02/03/2027"])] == [DAY, dt.date(2027, 2, 3)]
    assert [v.value for v in dates(["31/01/2027", "02/03/2027"])] == [DAY, dt.date(2027, 3, 2)]


def test_a_date_that_may_be_read_in_two_ways_is_left_out_with_the_reason() -> None:
    first, second = dates(["02/03/2027", "04/04/2027"])
    assert (first.value, "day or the month" in first.problem) == (None, True)
    assert second.value == dt.date(2027, 4, 4)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("Q3 2026", "no day"),
        ("FY27 Q1", "no day"),
        ("H2 2026", "no day"),
        ("Mar-26", "lacks the day or the year"),
        ("March 2027", "lacks the day or the year"),
        ("3 Mar", "lacks the day or the year"),
        ("06/2027", "lacks the day or the year"),
        ("27-03-31", "perhaps in front"),
        ("01/02/27", "day or the month first"),
        ("auto-renew", "no date"),
    ],
)
def test_half_a_date_is_left_out_with_what_it_lacks(text: str, why: str) -> None:
    (value,) = dates([text])
    assert value.value is None
    assert why in value.problem


def test_a_heading_may_say_whether_the_day_comes_first() -> None:
    assert [v.value for v in dates(["05/03/2027"], order="day")] == [dt.date(2027, 3, 5)]
    assert [v.value for v in dates(["05/03/2027"], order="month")] == [dt.date(2027, 5, 3)]


@pytest.mark.parametrize("text", ["31.02.2027", "soon", "01/02/27", "1889-01-01"])
def test_what_is_no_date_is_said(text: str) -> None:
    assert dates([text])[0].problem


def test_periods_answers_and_states_are_read_in_their_usual_words() -> None:
    assert [v.value for v in days(["3 months", "30 days", "60", "Unknown"])] == [90, 30, 60, None]
    assert [v.value for v in yes_no(["Yes", "n", "ja", ""])] == [True, False, True, None]
    assert [v.value for v in statuses(["Live", "Pilot", "Sunsetting"])] == ["active", "trial", "sunset"]
    assert statuses(["frozen"])[0].problem
