"""What somebody relies on who imports several files that belong together."""

from argparse import Namespace
from pathlib import Path

import pytest
from django.utils.translation import override

from banso.accounts.models import Account, Activity
from banso.config.cli import import_files
from banso.connectors.files.problems import FileProblemError
from banso.connectors.models import ImportRun
from banso.connectors.services.error_file import error_file
from banso.connectors.services.projects import import_project
from banso.contracts.models import Subscription, SubscriptionLine
from banso.helpdesk.models import Ticket, TicketChange
from banso.usage.models import UsageBatch
from banso.voice.models import NpsAnswer
from banso.workspace.selectors import company
from banso.workspace.types import SYSTEM
from tests.connectors.outcomes import counts

pytestmark = pytest.mark.django_db
EXAMPLES = Path(__file__).resolve().parents[2] / "docs" / "guide" / "examples"

PROJECT = """
source: crm
as_of: last
files:
  - kind: accounts
    file: a.csv
    columns: {external_id: id, name: name}
  - kind: usage
    file: u.csv
    columns: {account: id, day: day, feature: what, events: n}
"""


@pytest.fixture
def project(tmp_path):
    """Write a project with its two files and return how to import it."""
    (tmp_path / "p.yaml").write_text(PROJECT)
    (tmp_path / "a.csv").write_text("id,name,churned\n1,Acme,TRUE\n2,Beta,FALSE\n")
    (tmp_path / "u.csv").write_text("id,day,what,n\n1,2024-01-31,login,3\n2,2024-01-30,login,1\n")

    def bring(**options):
        return import_project(
            actor=SYSTEM,
            project_file=tmp_path / "p.yaml",
            source_dir=tmp_path,
            refresh=False,
            **options,
        )

    return bring


def test_files_go_in_in_order_and_the_product_looks_at_their_last_day(project):
    report = project()
    assert [counts(run) for run in report.runs] == [(2, 0, 0, 0), (2, 0, 0, 0)]
    assert str(company().pinned_on) == "2024-01-31"
    assert len({run.project for run in report.runs}) == 1


def test_a_dry_run_of_all_files_tells_the_same_and_leaves_nothing(project):
    report = project(dry_run=True)
    assert [counts(run) for run in report.runs] == [(2, 0, 0, 0), (2, 0, 0, 0)]
    assert not ImportRun.objects.exists()
    assert not Account.objects.exists()
    assert not UsageBatch.objects.exists()
    assert company().pinned_on is None


def test_a_dry_run_of_all_files_tells_what_is_wrong_with_their_rows(project, tmp_path):
    (tmp_path / "u.csv").write_text("id,day,what,n\n1,2024-01-31,login,3\n9,2024-01-30,x,1\n")
    accounts, usage = project(dry_run=True).problems
    assert accounts == ()
    assert [(kind.code, kind.count) for kind in usage] == [("unknown-account", 1)]
    assert [(one.row, one.params) for one in usage[0].examples] == [(3, {"value": "9"})]


def test_the_command_line_says_that_a_dry_run_only_would_do_it(project, tmp_path, capsys):
    (tmp_path / "u.csv").write_text("id,day,what,n\n1,2024-01-31,login,3\n9,2024-01-30,x,1\n")
    options = Namespace(file=tmp_path / "p.yaml", source=tmp_path, dry_run=True)
    with override("en"):
        import_files._import_project(options, import_files.Progress(live=False))
    told = "".join(capsys.readouterr())
    assert "1 × unknown-account, for example" in told
    assert "row 3, id: There is no account “9”. Import the accounts first, or" in told
    assert "(unknown-account)" in told
    assert "would be looked at as of 2024-01-31" in told
    assert "is looked at" not in told


def test_the_command_line_tells_of_one_file_how_much_it_left_unsaid(db, tmp_path, capsys):
    path = tmp_path / "a.csv"
    path.write_text("id,name\n" + "".join(f"{n},\n" for n in range(30)) + "ok,Good\n")
    options = Namespace(file=path, kind="accounts", map=None, dry_run=True)
    with override("en"):
        import_files._import_file(options, import_files.Progress(live=False))
    told = "".join(capsys.readouterr())
    assert "would bring 1 new, 0 changed and 0 unchanged rows and refuse 30 of 31" in told
    assert "row 2, name: The cell is empty. Every row needs a value here. (required)" in told
    assert "and 10 more" in told


def test_the_command_line_accounts_for_every_row_and_every_contradiction(project, tmp_path, capsys):
    check = "checks: [{check: churned-accounts, attribute: churned}]"
    skip = "\n    skip: [{column: n, is: '1'}]\n"
    text = PROJECT.replace("as_of: last", check).rstrip() + skip
    (tmp_path / "p.yaml").write_text(text)
    options = Namespace(file=tmp_path / "p.yaml", source=tmp_path, dry_run=True)
    with override("en"):
        import_files._import_project(options, import_files.Progress(live=False))
    told = "".join(capsys.readouterr())
    assert "u.csv: 2 rows, 1 new, 0 changed, 0 unchanged, 0 refused, 0 warnings, 1 passed" in told
    assert "Where the files contradict each other" in told


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        (("file: u.csv", "file: gone.csv"), "not-found"),
        (("day: day", "day: datum"), "missing-column"),
        (("kind: usage", "kind: uses"), "bad-mapping"),
        (("files:", "flies:"), "bad-mapping"),
        (("as_of: last", "checks: [{check: nothing}]"), "bad-mapping"),
    ],
)
def test_a_mistake_anywhere_is_found_before_anything_is_written(project, tmp_path, wrong, code):
    (tmp_path / "p.yaml").write_text(PROJECT.replace(*wrong))
    with pytest.raises(FileProblemError) as error:
        project()
    assert error.value.code == code
    assert not Account.objects.exists()


def test_what_contradicts_is_decided_by_a_rule_and_told(project, tmp_path):
    check = "checks: [{check: churned-accounts, attribute: churned}]"
    (tmp_path / "p.yaml").write_text(PROJECT.replace("as_of: last", check))
    found = project().contradictions
    assert [(c.code, c.count, c.examples) for c in found] == [
        ("customer-but-not-served", 1, ("2",))
    ]
    with override("en"):
        assert found[0].what.endswith("but no subscription of theirs runs (2).")
        assert "Subscriptions decide" in found[0].rule
    with override("ja"):
        assert "契約で判断" in found[0].rule


def test_refused_rows_come_back_as_a_file_with_what_was_wrong(project, tmp_path):
    (tmp_path / "a.csv").write_text("id,name\n1,Acme\n2,\n3,Gamma,too,many\n")
    run = project().runs[0]
    lines = b"".join(error_file(actor=SYSTEM, run=run)).decode("utf-8-sig").splitlines()
    assert lines[0] == "id,name,banso_row,banso_column,banso_code,banso_problem,banso_remedy"
    assert lines[1].startswith("2,,3,name,required,")
    assert lines[2].startswith("3,Gamma,too,many,4,")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("example", "folder", "expected"),
    [
        ("crm5", "churnsim_crm5", {Account: 544, SubscriptionLine: 12_663, Subscription: 1_632}),
        (
            "ravenstack",
            "ravenstack",
            {Account: 500, Subscription: 5_000, Ticket: 2_000},
        ),
        ("edinet", "edinet_company_list", {Account: 3_958}),
        ("nps", "rstudio_r_survey_nps", {NpsAnswer: 3_018 + 260}),
        (
            "incidents",
            "uci_incident_log",
            {Account: 165, Ticket: 9_335, TicketChange: 60_000},
        ),
    ],
)
def test_each_example_of_the_guide_runs_on_its_data_twice(shared_data, example, folder, expected):
    def bring():
        return import_project(
            actor=SYSTEM,
            project_file=EXAMPLES / f"{example}.yaml",
            source_dir=shared_data / folder,
            refresh=False,
        )

    first = bring()
    assert {model: model.objects.count() for model in expected} == expected
    assert all(run.rejected == 0 for run in first.runs)
    for run in bring().runs:
        assert (run.new, run.changed, run.rejected) == (0, 0, 0)


@pytest.mark.slow
def test_what_is_wrong_with_ravenstack_is_told_and_nothing_is_lost(shared_data):
    report = import_project(
        actor=SYSTEM,
        project_file=EXAMPLES / "ravenstack.yaml",
        source_dir=shared_data / "ravenstack",
        refresh=False,
    )
    assert Activity.objects.filter(kind="cancellation").count() == 600
    usage = next(run for run in report.runs if run.kind == "usage")
    assert usage.new == 25_000
    assert usage.report["by_code"]["duplicate-id-kept"] == 21
    # 76.6 % of its usage is dated before the subscription begins, 1.2 % after it ends.
    assert usage.report["by_code"]["outside-subscription"] == pytest.approx(19_450, abs=60)
    assert {c.code: c.count for c in report.contradictions} == {
        "churned-but-served": 110,
        "cancelled-but-served": 352,
    }


@pytest.mark.slow
def test_monthly_lines_of_crm5_are_no_churn_and_return(shared_data):
    import_project(
        actor=SYSTEM,
        project_file=EXAMPLES / "crm5.yaml",
        source_dir=shared_data / "churnsim_crm5",
        refresh=False,
    )
    first = Subscription.objects.get(account__keys__external_id="0", family="plan")
    assert str(first.started_on) == "2022-01-16"
    assert first.lines.count() > 12
    assert first.lines.first().seats == 10
