"""Every table source: its documented columns, and the same reordered, with more columns, a mark, semicolons, renamed."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from pathlib import Path
from typing import Any

import pytest

from stackaudit.inventory_writer import HEADER, write_draft
from stackaudit.model.importing import Draft
from tests.importers.support import IMPORTERS, read, tool
from tests.importers.test_writing import identify
from tests.support import TODAY, load_text

DAY = dt.date(2027, 1, 31)

# source: (headings in the documented order, rows, tool id, the fields that must come out)
SOURCES: dict[str, tuple[str, list[str], str, dict[str, Any]]] = {
    "okta_assignments": (
        "User,Login,Application name,Application instance,Application login,Assigned on,Unassigned on,Last login",
        [
            "Ana A,ana@x.com,Gong,Gong,ana@x.com,2025-01-01T00:00:00Z,,2026-08-30T00:00:00Z",
            "Ben B,ben@x.com,Gong,Gong,ben@x.com,2025-01-01T00:00:00Z,,2025-08-30T00:00:00Z",
            "Ben B,ben@x.com,Gong,Gong,ben2@x.com,2025-01-01T00:00:00Z,,2025-08-30T00:00:00Z",
            "Cy C,cy@x.com,Gong,Gong,cy@x.com,2025-01-01T00:00:00Z,2026-01-01T00:00:00Z,",
        ],
        "gong",
        {"active_seats": 1, "sso": None},
    ),
    "okta_access": (
        "Application catalog name,Application username,Group,Last access date,Okta username,Okta user status,User fullname",
        ["gong,ana,Sales,2026-08-30,ana@x.com,ACTIVE,Ana A", "gong,ben,Sales,2026-08-30,ben@x.com,ACTIVE,Ben B"],
        "gong",
        {"active_seats": 2, "sso": None},
    ),
    "okta_apps": (
        "id,name,label,status,created,lastUpdated,signOnMode",
        ["0oa1,gong,Gong,ACTIVE,2025-01-01,2025-01-01,BOOKMARK"],
        "gong",
        {"sso": None},
    ),
    "google_workspace": (
        "App name,Type,ID,Verified status,Users,Requested services,Access",
        ["Gong,Web,123.apps,Verified,42,Gmail,Trusted"],
        "gong",
        {"notes": "used by 42 accounts"},
    ),
    "entra": (
        "id,deletedDateTime,accountEnabled,alternativeNames,appDisplayName,appId,displayName",
        ["1,,true,,Gong,2,Gong"],
        "gong",
        {},
    ),
    "ramp": (
        "transaction_time,amount,user,merchant_name",
        ["2026-01-31,100.50,Ana A,Gong.io Inc", "2026-02-28,100.50,Ana A,Gong.io Inc"],
        "gong",
        {
            "notes": "paid 201.00 (currency not stated) in 2 payments, 2026-01-31 to 2026-02-28; annual cost not assessed"
        },
    ),
    "ledger": (
        "Posted date,Payee,Amount,Currency,Memo,Cardholder",
        ["2026-01-31,Gong.io,100.50,USD,x,Ana A"],
        "gong",
        {"notes": "paid 100.50 USD in 1 payment, 2026-01-31 to 2026-01-31; annual cost not assessed"},
    ),
    "zylo_subscriptions": (
        "applicationId,name,renewalDate,annualCost,licenseCount,usedLicenseCount,owner,status",
        ["7,Gong,2027-01-31,66000.5,40,31,Ben,active"],
        "gong",
        {"contract_end": DAY, "annual_cost": 66000.5, "seats": 40, "active_seats": 31, "owner": "Ben"},
    ),
    "zylo": (
        "id,name,category,owner,status,trueUp,totalSpend,subscriptionCount,createdAt,updatedAt",
        ["7,Gong,Sales,Ben,active,0,66000.5,1,2025-01-01,2025-01-01"],
        "gong",
        {"owner": "Ben", "notes": "total spend 66,000.5 (period not stated)"},
    ),
    "torii": (
        "App name,Users,Discovery date,State,Primary app owner",
        ["Gong,42,2025-01-01,Managed,Ben"],
        "gong",
        {"owner": "Ben", "notes": "used by 42 accounts"},
    ),
    "torii_apps": (
        "id,name,category,state,url,activeUsers,totalUsers,totalLicenses,annualCost,owner,createdAt",
        ["7,Gong,Sales,managed,https://www.gong.io,31,35,40,66000.5,Ben,2025-01-01"],
        "gong",
        {"seats": 40, "active_seats": 31, "annual_cost": 66000.5, "owner": "Ben"},
    ),
    "sastrify": (
        "Vendor/Tool,Renewal Date,Renewal Frequency,Cancellation Period,Current Year Cost,Current Year Cost Currency,Tool Owner,Tags,Notes",
        ["Gong,31.01.2027,Yearly,3 months,66000.5,EUR,Ben,sales,calls"],
        "gong",
        {"contract_end": DAY, "notice_days": 90, "annual_cost": 66000.5, "currency": "EUR", "owner": "Ben"},
    ),
    "sastrify_accounting": (
        "Vendor/Tool,Amount,Amount Currency,Invoice Number,Date",
        ["Gong,100.50,EUR,17,31.01.2026"],
        "gong",
        {"notes": "paid 100.50 EUR in 1 payment, 2026-01-31 to 2026-01-31; annual cost not assessed"},
    ),
    "vendr": (
        "Name,Product Count,Total Contract Value,Last 12 Months,Spend Sources",
        ["Gong,1,132000.5,66000.5,NetSuite"],
        "gong",
        {"annual_cost": 66000.5, "notes": "contract value 132,000.5"},
    ),
    "google_tokens": (
        "displayText,clientId,userKey",
        ["Zapier,123.apps,1001"],
        "zapier",
        {"notes": "accounts that gave access: 1"},
    ),
    "zluri_licences": (
        "Email Id,License Name,Role,Start Date,End Date",
        ["ana@x.com,Gong,user,2025-01-01,2027-01-31"],
        "gong",
        {"notes": "licences mapped in Zluri: 1", "contract_end": DAY},
    ),
    "zluri": (
        "Name,Application,Owner,Vendor,Status,Plan,Start,End,Value,Payment Method,Renewal Date,Payment Term",
        ["Gong 2026,Gong,Ben,Gong,active,Pro,2026-02-01,2027-01-30,66000.5,card,2027-01-31,yearly"],
        "gong",
        {"owner": "Ben", "edition": "Pro", "contract_end": DAY, "since": dt.date(2026, 2, 1)},
    ),
    "salesforce_packages": (
        "Id,SubscriberPackageId,SubscriberPackageName,SubscriberPackageNamespace,SubscriberPackageVersionNumber",
        ["0A3,033,Gong,gongio,1.2.0.1"],
        "gong",
        {"notes": "installed in Salesforce as a package"},
    ),
    "salesforce_licences": (
        "NamespacePrefix,Status,AllowedLicenses,UsedLicenses,ExpirationDate,IsProvisioned",
        ["Gong,Active,40,31,2027-01-31,true"],
        "gong",
        {"seats": 40, "active_seats": 31, "contract_end": DAY},
    ),
    "techstack": (
        "name,description,website_url,open_source,hosted_saas,category,sub_category,detection_source",
        ["Gong,calls,https://www.gong.io,false,true,Sales,Calls,manual"],
        "gong",
        {},
    ),
}
MODES = {"SAML_2_0": True, "OPENID_CONNECT": True, "BOOKMARK": None, "AUTO_LOGIN": None, "SECURE_PASSWORD_STORE": None}
PERSONAL = ("Ana A", "ana@x.com", "ben@x.com", "Ben B", "Cy C")


def table(source: str) -> list[list[str]]:
    headings, rows, _, _ = SOURCES[source]
    return [row.split(",") for row in (headings, *rows)]


def text(rows: list[list[str]], delimiter: str = ",") -> str:
    stream = io.StringIO()
    csv.writer(stream, delimiter=delimiter).writerows(rows)
    return stream.getvalue()


def holds(found: Draft, source: str) -> None:
    _, _, tool_id, fields = SOURCES[source]
    assert found.importer == source
    made = tool(found, tool_id).fields
    assert {name: made.get(name) for name in fields} == fields


# Graded by what was read: the source's own documentation, the columns of its pages, or neither.
GRADES = {
    "confirmed": [
        *("backstage", "entra", "google_tokens", "har", "n8n", "okta_apps", "okta_assignments", "ramp"),
        *("salesforce_licences", "salesforce_packages", "sastrify", "sastrify_accounting", "techstack"),
        *("wappalyzer", "zluri_licences"),
    ],
    "on_screen": ["google_workspace", "okta_access", "torii", "vendr", "zluri"],
    "unconfirmed": [
        *("builtwith", "ledger", "torii_apps", "wappalyzer_technologies", "zylo", "zylo_document"),
        "zylo_subscriptions",
    ],
    "by its headings": ["spreadsheet"],
}


def test_every_table_source_has_its_fixture() -> None:
    assert {i.id for i in IMPORTERS if i.columns} == set(SOURCES)


def test_every_source_says_how_far_its_format_is_confirmed_and_where_it_was_read() -> None:
    graded = {grade: sorted(i.id for i in IMPORTERS if i.format == grade) for grade in GRADES}
    assert graded == {grade: sorted(ids) for grade, ids in GRADES.items()}
    assert [i.id for i in IMPORTERS if not i.basis] == ["spreadsheet"]
    for importer in IMPORTERS:
        if importer.format == "confirmed" and importer.id != "techstack":
            assert "." in importer.basis.split("/")[0], f"{importer.id} names no page"


@pytest.mark.parametrize("source", SOURCES)
def test_the_documented_columns_are_read(tmp_path: Path, source: str) -> None:
    holds(read(tmp_path / "export.csv", text(table(source))), source)


@pytest.mark.parametrize("source", SOURCES)
def test_order_more_columns_a_mark_and_semicolons_change_nothing(tmp_path: Path, source: str) -> None:
    rows = [[*reversed(row), f"x{i}"] for i, row in enumerate(table(source))]
    holds(read(tmp_path / "export.csv", text(rows, ";").encode("utf-8-sig")), source)


@pytest.mark.parametrize("source", SOURCES)
def test_german_numbers_are_read(tmp_path: Path, source: str) -> None:
    rows = [[c.replace(".50", ",50").replace("000.5", ".000,5") if c[:1].isdigit() and c[-1:].isdigit() else c for c in r] for r in table(source)]  # fmt: skip
    holds(read(tmp_path / "export.csv", text(rows, ";")), source)


@pytest.mark.parametrize("source", SOURCES)
def test_a_renamed_column_is_read_once_it_is_named(tmp_path: Path, source: str) -> None:
    shown = read(tmp_path / "export.csv", text(table(source))).parsed.used["tool"]
    rows = table(source)
    rows[0] = ["Bezeichnung" if h == shown else h for h in rows[0]]
    found = read(tmp_path / "export.csv", text(rows), source=source, columns={"tool": "Bezeichnung"})
    holds(found, source)


@pytest.mark.parametrize("source", ["okta_assignments", "okta_access", "ramp", "ledger", "zluri_licences"])
def test_no_name_or_address_of_a_person_is_kept(tmp_path: Path, source: str) -> None:
    found = repr(read(tmp_path / "export.csv", text(table(source))))
    assert not [word for word in PERSONAL if word in found]


def test_an_export_of_an_interface_is_the_same_table_in_json(tmp_path: Path) -> None:
    rows = [{"Id": "0A3", "SubscriberPackageId": "033", "SubscriberPackageName": "Gong"}]
    found = read(tmp_path / "packages.json", json.dumps({"status": 0, "result": rows}))
    assert found.importer == "salesforce_packages"
    assert tool(found, "gong").fields == {"notes": "installed in Salesforce as a package"}


def test_tools_that_the_catalogue_does_not_know_are_set_aside_and_can_be_kept(tmp_path: Path) -> None:
    data = "App name,ID,Users,Requested services\nGong,1,5,Gmail\nLunch Planner 3000,2,9,Gmail\n"
    found = read(tmp_path / "apps.csv", data)
    assert [t.name for t in found.aside] == ["Lunch Planner 3000"]
    kept = read(tmp_path / "apps.csv", data, everything=True)
    assert [t.name for t in kept.tools] == ["Gong", "Lunch Planner 3000"]
    assert kept.aside == ()


@pytest.mark.parametrize(("mode", "sso"), MODES.items())
def test_okta_proves_single_sign_on_by_the_mode_of_an_app_alone(tmp_path: Path, mode: str, sso: bool | None) -> None:
    found = read(tmp_path / "apps.json", json.dumps([{"name": "gong", "label": "Gong", "signOnMode": mode}]))
    assert tool(found, "gong").fields.get("sso") is sso


def test_an_app_that_is_switched_off_at_the_identity_provider_says_so(tmp_path: Path) -> None:
    apps = [{"name": "gong", "label": "Gong", "status": "INACTIVE", "signOnMode": "BOOKMARK"}]
    assert tool(read(tmp_path / "okta.json", json.dumps(apps)), "gong").fields["notes"] == "inactive in Okta"
    principals = [{"appId": "1", "displayName": "Gong", "accountEnabled": False}]
    found = read(tmp_path / "entra.json", json.dumps({"value": principals}))
    assert tool(found, "gong").fields["notes"] == "disabled in Entra ID"


ZYLO = {
    "applications": [
        {"id": "a1", "name": "Gong", "owner": "Ana", "totalSpend": 70000.5},
        {"id": "a2", "name": "Calendly", "owner": "Ben", "totalSpend": 900},
    ],
    "subscriptions": [
        {"id": "s1", "name": "Gong 2026", "applicationId": "a1", "annualCost": 66000.5, "licenseCount": 40,
         "usedLicenseCount": 31, "renewalDate": "2027-01-31", "owner": "Cy"},
        {"id": "s2", "name": "Mixmax seats", "applicationId": "a9", "applicationName": "Mixmax", "annualCost": 100,
         "licenseCount": 2},
    ],
}  # fmt: skip


def test_a_whole_zylo_document_joins_subscriptions_to_their_applications(tmp_path: Path) -> None:
    found = read(tmp_path / "zylo.json", json.dumps(ZYLO))
    assert found.importer == "zylo_document"
    assert dict(tool(found, "gong").fields) == {
        "owner": "Cy", "seats": 40, "active_seats": 31, "annual_cost": 66000.5, "contract_end": DAY
    }  # fmt: skip
    assert tool(found, "mixmax").fields["annual_cost"] == 100
    assert tool(found, "calendly").fields["notes"] == "total spend 900 (period not stated)"


def test_a_document_of_several_lists_says_which_of_them_was_not_read(tmp_path: Path) -> None:
    data = {"tools": [{"name": "Gong", "owner": "Ana"}], "vendors": [{"name": "Outreach"}]}
    found = read(tmp_path / "lists.json", json.dumps(data))
    assert [t.name for t in found.tools] == ["Gong"]
    assert any(r.startswith("'vendors' holds 1 more rows that were not read") for r in found.remarks)


ENDS = "Email Id,License Name,Role,Start Date,End Date\n"
ZLURI = ENDS + "a@x.com,Gong,user,2025-01-01,2027-01-31\nb@x.com,Gong,user,2025-01-01,2025-12-31\n"


def test_a_licence_of_zluri_counts_until_its_end_and_its_end_is_the_contracts(tmp_path: Path) -> None:
    found = tool(read(tmp_path / "z.csv", ZLURI), "gong").fields
    assert found["notes"] == "licences mapped in Zluri: 1; 1 more has ended"
    assert found["contract_end"] == DAY


def test_licences_that_end_on_several_days_name_no_end_of_the_contract(tmp_path: Path) -> None:
    found = tool(read(tmp_path / "z.csv", ZLURI.replace("2025-12-31", "2026-12-31")), "gong").fields
    assert "contract_end" not in found
    assert found["notes"] == "licences mapped in Zluri: 2; ending between 2026-12-31 and 2027-01-31"


def paid(days: list[str], amounts: list[str], currency: str = "USD") -> str:
    rows = [f"{day},Gong,{amount},{currency}" for day, amount in zip(days, amounts, strict=True)]
    return "\n".join(["Posted date,Payee,Amount,Currency", *rows, ""])


YEAR = [f"2026-{month:02}-15" for month in range(1, 13)]


def test_a_year_of_equal_monthly_payments_is_what_a_year_cost(tmp_path: Path) -> None:
    found = tool(read(tmp_path / "card.csv", paid(["2025-12-15", *YEAR], ["90", *["100.50"] * 12])), "gong").fields
    assert (found["annual_cost"], found["currency"]) == (1206, "USD")
    assert "the 12 equal monthly payments of 100.50, 2026-01-15 to 2026-12-15" in found["notes"]


@pytest.mark.parametrize(
    ("days", "amounts"),
    [
        (YEAR[:11], ["100"] * 11),
        (YEAR, ["100"] * 11 + ["101"]),
        ([*YEAR[:11], "2026-11-20"], ["100"] * 12),
        (YEAR, ["100"] * 11 + ["n/a"]),
        (["2026-01-15"], ["1206"]),
    ],
)
def test_payments_that_prove_no_year_leave_the_annual_cost_out_and_say_so(
    tmp_path: Path, days: list[str], amounts: list[str]
) -> None:
    found = tool(read(tmp_path / "card.csv", paid(days, amounts)), "gong").fields
    assert "annual_cost" not in found
    assert found["notes"].endswith("annual cost not assessed")


def test_a_statement_that_writes_payments_with_a_minus_means_the_same(tmp_path: Path) -> None:
    found = tool(read(tmp_path / "card.csv", paid(YEAR, ["-100.50"] * 12)), "gong").fields
    assert found["annual_cost"] == 1206


@pytest.mark.parametrize("source", SOURCES)
def test_the_same_export_twice_changes_not_a_byte(tmp_path: Path, source: str) -> None:
    found = read(tmp_path / "export.csv", text(table(source)))
    first = write_draft(HEADER, found, identify, TODAY).text
    assert write_draft(first, found, identify, TODAY).text == first


def test_every_source_of_one_company_together_gives_one_row_a_tool(tmp_path: Path) -> None:
    inventory = HEADER
    for source in SOURCES:
        found = read(tmp_path / f"{source}.csv", text(table(source)))
        inventory = write_draft(inventory, found, identify, TODAY).text
    stack = load_text(inventory).inventory
    assert [t.id for t in stack.tools] == ["gong", "zapier"]
    gong = stack.tools[0]
    assert isinstance(gong.imported, tuple)
    assert [o.source for o in gong.imported] == [s for s in SOURCES if SOURCES[s][2] == "gong"]
    for source in SOURCES:
        found = read(tmp_path / f"{source}.csv", text(table(source)))
        assert write_draft(inventory, found, identify, TODAY).text == inventory, source
