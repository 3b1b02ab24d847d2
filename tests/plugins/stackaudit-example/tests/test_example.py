"""The plugin passes every check, and an audit knows its tool."""

from pathlib import Path

from stackaudit.testing import audit_stack, check_project, small_stack

PROJECT = Path(__file__).parents[1]


def test_the_plugin_passes_every_check():
    report = check_project(PROJECT)
    assert report.passed, [str(item) for item in report.errors]


def test_an_audit_knows_the_tool(stackaudit_plugins):
    result = audit_stack(small_stack("Example Dialer"), stackaudit_plugins(project=PROJECT))
    assert not result.problems
    assert [tool.plugin for tool in result.tools] == ["example"]


def test_the_rules_do_what_their_cases_say(stackaudit_plugins):
    from stackaudit.testing import run_rule_cases

    assert run_rule_cases(PROJECT / "tests" / "rules", stackaudit_plugins(project=PROJECT))


def test_the_importer_reads_an_export():
    from stackaudit_example.plugin import read

    from stackaudit.api import Export, Table

    table = Table("export.csv", ("Product", "Owner"), ((2, ("Example Dialer", "Ana")),))
    (record,) = read(Export("export.csv", (table,))).records
    assert (record.name, record.fields["owner"]) == ("Example Dialer", "Ana")


def test_the_theme_is_offered(stackaudit_plugins):
    assert [theme.name for theme in stackaudit_plugins(project=PROJECT).themes()] == ["example"]
