"""The monthly job of cron and systemd, run as they run it: their environment, their shell, their lines."""

from __future__ import annotations

import email
import json
import re
import shutil
import subprocess
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from zoneinfo import ZoneInfo, available_timezones

import pytest

from tests.automation.page import AS_OF, AUTOMATION, BROKEN, MONTHLY, ROOT, bare, blocks, program
from tests.binary import AGREEMENT, BINARY, DAY, minutes
from tests.fenced import fenced

pytestmark = pytest.mark.skipif(shutil.which("flock") is None, reason="the job locks with flock, which is of Linux")

_SENDMAIL = 'n=$(ls {sent} | wc -l)\ncat >{sent}/$n\necho "$@" >{sent}.arguments\n'


@dataclass(frozen=True)
class Done:
    """What a run of the job left behind."""

    code: int
    out: str
    err: str


@dataclass(frozen=True)
class Job:
    """A folder of agreements whose mails are kept."""

    home: Path

    @property
    def folder(self) -> Path:
        return self.home / "srv sla"

    @property
    def line(self) -> str:
        """The command of the crontab, as cron hands it to the shell, for this folder."""
        ((_, command),) = entries()
        here = command.replace("/usr/local/bin/slacheck-report", f"'{AUTOMATION / 'slacheck-report'}'")
        return here.replace("/srv/sla", f"'{self.folder}'")

    def agreement(self, name: str, text: str) -> None:
        (self.folder / "agreements" / f"{name}.yaml").write_text(text)

    def probes(self, down: range = range(0), skip: range = range(0)) -> None:
        (self.folder / "agreements" / "probes.csv").write_text(minutes(down, skip=skip))

    def start(self, as_of: str = AS_OF) -> subprocess.Popen[str]:
        """Begin as cron does."""
        return subprocess.Popen(  # noqa: S603
            ["/bin/sh", "-c", f"{self.line} --as-of {as_of}"],
            cwd=self.home,
            env=bare(self.home, self.home / "first"),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )

    def run(self, as_of: str = AS_OF) -> Done:
        process = self.start(as_of)
        out, err = process.communicate(timeout=120)
        return Done(process.returncode, out, err)

    def mails(self) -> list[EmailMessage]:
        sent = self.home / "sent"
        return [
            email.message_from_bytes(each.read_bytes(), EmailMessage, policy=default)
            for each in sorted(sent.iterdir(), key=lambda each: int(each.name))
        ]

    def kept(self) -> dict[str, bytes]:
        statements = self.folder / "statements"
        return {
            str(each.relative_to(statements)): each.read_bytes() for each in statements.rglob("*") if each.is_file()
        }

    def numbers(self) -> list[int]:
        """The numbers of the statements in the ledger, all of one period."""
        listed = subprocess.run(  # noqa: S603
            [str(BINARY), "history", "list", "--ledger", str(self.folder / "ledger.db"), "--all", "--format", "json"],
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        return [each["number"] for each in json.loads(listed)]


@pytest.fixture
def job(tmp_path: Path) -> Job:
    """One agreement by the day, met, and a sendmail that keeps what it is given."""
    job = Job(tmp_path)
    (job.folder / "agreements").mkdir(parents=True)
    (tmp_path / "sent").mkdir()
    program(tmp_path / "first" / "sendmail", _SENDMAIL.format(sent=tmp_path / "sent"))
    job.agreement("acme", AGREEMENT)
    job.probes()
    return job


def entries() -> list[tuple[list[str], str]]:
    """The five fields of time and the command of each line of the crontab on the page."""
    (crontab,) = blocks("crontab", "Cron")
    lines = [each for each in crontab.splitlines() if not each.startswith("#") and not re.match(r"[A-Z]+=", each)]
    return [(each.split(None, 5)[:5], each.split(None, 5)[5]) for each in lines]


def test_nothing_is_mailed_where_all_is_met(job: Job) -> None:
    assert job.run() == Done(0, "", "")
    assert job.mails() == []
    assert set(job.kept()) == {f"acme/{DAY}.json", f"acme/{DAY}.html"}


def test_a_breach_is_mailed_with_its_statement(job: Job) -> None:
    job.probes(down=range(600, 602))
    assert job.run() == Done(0, "", "")
    (mail,) = job.mails()
    assert mail["Subject"] == f"acme {DAY}: breached"
    assert mail["To"] == "sla@example.com"
    assert (job.home / "sent.arguments").read_text() == "-oi -t\n"
    statement, said = mail.get_content().split("\n\nkept ")
    # 10 % of £400.00; cron has no locale, and the sign arrives nevertheless.
    assert "Northwind Hosting owes Acme Ltd £40.00" in statement
    assert "£40.00" in job.kept()[f"acme/{DAY}.html"].decode()
    assert said == f"acme-web {DAY} in ledger.db\nwrote statements/acme/{DAY}.json\nwrote statements/acme/{DAY}.html\n"


def test_missing_data_is_mailed(job: Job) -> None:
    job.probes(skip=range(600, 700))
    assert job.run() == Done(0, "", "")
    (mail,) = job.mails()
    assert mail["Subject"] == f"acme {DAY}: data is missing"
    assert "INDETERMINATE" in mail.get_content()


def test_an_error_is_mailed_and_no_other_agreement_suffers(job: Job) -> None:
    job.agreement("a-broken", BROKEN)
    job.probes(down=range(600, 602))
    assert job.run() == Done(1, "", "")
    error, breach = job.mails()
    assert error["Subject"] == "a-broken: not evaluated, exit code 3"
    assert "agreements/a-broken.yaml:14:41: error[unknown-name]: no source or outage 'prbes'" in error.get_content()
    assert breach["Subject"] == f"acme {DAY}: breached"
    assert set(job.kept()) == {f"acme/{DAY}.json", f"acme/{DAY}.html"}


@pytest.mark.parametrize("code", [0, 1, 2, 4, 70, 139])
def test_whatever_else_happens_is_mailed_with_what_was_said(job: Job, code: int) -> None:
    program(job.home / "first" / "slacheck", f'echo "this is a bug in slacheck" >&2\nexit {code}\n')
    assert job.run() == Done(1, "", "")
    (mail,) = job.mails()
    assert mail["Subject"] == f"acme: not evaluated, exit code {code}"
    assert mail.get_content() == "this is a bug in slacheck\n"


def test_what_was_mailed_is_mailed_again_only_when_it_changes(job: Job) -> None:
    job.probes(down=range(600, 602))
    job.run()
    before = job.kept()
    assert job.run() == Done(0, "", "")
    assert job.kept() == before
    assert len(job.mails()) == 1
    assert job.numbers() == [1]
    job.probes(down=range(600, 603))
    job.run()
    assert len(job.mails()) == 2
    assert job.numbers() == [1, 2]
    # 1,438 and 1,437 of 1,440 minutes
    assert "other data of 'probes'\n  Availability: measured 99.861% -> 99.792%" in job.mails()[1].get_content()
    job.probes()
    job.run()
    assert len(job.mails()) == 2
    # The breach that was mended is there again.
    job.probes(down=range(600, 603))
    job.run()
    assert [each["Subject"] for each in job.mails()] == [f"acme {DAY}: breached"] * 3


def test_no_statement_of_a_run_before_is_taken_for_that_of_this_one(job: Job) -> None:
    job.probes(down=range(600, 602))
    job.run()
    job.run()
    program(job.home / "first" / "slacheck", "echo broken >&2\nexit 1\n")
    assert job.run() == Done(1, "", "")
    assert [each["Subject"] for each in job.mails()] == [f"acme {DAY}: breached", "acme: not evaluated, exit code 1"]


def test_a_mail_that_could_not_be_sent_is_shown_and_tried_again(job: Job) -> None:
    job.probes(down=range(600, 602))
    sendmail = job.home / "first" / "sendmail"
    works = sendmail.read_text()
    program(sendmail, "echo 'queue is full' >&2\nexit 75\n")
    done = job.run()
    assert done.code == 1
    assert done.out == ""
    assert done.err.startswith(f"queue is full\nSubject: acme {DAY}: breached\n")
    assert "£40.00" in done.err
    sendmail.write_text(works)
    assert job.run() == Done(0, "", "")
    assert len(job.mails()) == 1


def wait_for(path: Path) -> None:
    deadline = time.monotonic() + 60
    while not path.exists():
        assert time.monotonic() < deadline, f"{path.name} never came"
        time.sleep(0.02)


def test_of_two_at_once_the_second_leaves_and_the_first_ends_its_work(job: Job) -> None:
    here, go = job.home / "here", job.home / "go"
    waits = f"echo run >>'{job.home}/runs'\n: >'{here}'\nwhile [ ! -e '{go}' ]; do sleep 0.05; done\n"
    program(job.home / "first" / "slacheck", f"{waits}echo late >&2\nexit 3\n")
    first = job.start()
    wait_for(here)
    assert job.run() == Done(0, "", "")
    assert job.mails() == []
    go.touch()
    first.communicate(timeout=60)
    assert first.returncode == 1
    assert (job.home / "runs").read_text() == "run\n"
    assert [each.get_content() for each in job.mails()] == ["late\n"]


def test_a_mail_that_is_still_on_its_way_holds_no_lock(job: Job) -> None:
    job.probes(down=range(600, 602))
    kept = _SENDMAIL.format(sent=job.home / "sent")
    end = job.home / "end"
    program(job.home / "first" / "sendmail", f"{kept}(while [ ! -e '{end}' ]; do sleep 0.05; done) >/dev/null 2>&1 &\n")
    try:
        job.run()
        job.probes(down=range(600, 603))
        job.run()
        assert len(job.mails()) == 2
    finally:
        end.touch()


def test_no_name_of_a_file_becomes_a_header(job: Job) -> None:
    job.agreement("x\nBcc: all@example.com\n\nHello £ $(touch pwned)", BROKEN)
    job.run()
    (mail,) = job.mails()
    assert mail["Bcc"] is None
    assert mail["Subject"] == "xBcc allexample.comHello  touch pwned: not evaluated, exit code 3"
    assert not list(job.home.rglob("pwned"))


def test_without_any_agreement_it_says_so(job: Job) -> None:
    (job.folder / "agreements" / "acme.yaml").unlink()
    done = job.run()
    assert done.code == 1
    assert done.err == f"slacheck-report: no agreement in {job.folder}/agreements\n"
    assert job.kept() == {}


def test_called_without_an_address_it_says_how() -> None:
    done = subprocess.run(  # noqa: S603
        ["/bin/sh", str(AUTOMATION / "slacheck-report"), "/srv"], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (2, "usage: slacheck-report FOLDER ADDRESS [OPTION...]\n")


# Where a month begins first and where it begins last.
ZONES = ("Pacific/Kiritimati", "Etc/GMT+12")


@pytest.mark.parametrize("hours", [14, -12])
def test_the_month_is_the_right_one_in_every_zone_wherever_the_machine_stands(job: Job, hours: int) -> None:
    (job.folder / "agreements" / "acme.yaml").unlink()
    (job.folder / "agreements" / "outages.csv").write_text("from,to\n2026-10-20T00:00:00Z,2026-10-20T02:00:00Z\n")
    for number, zone in enumerate(ZONES):
        job.agreement(f"z{number}", MONTHLY.format(id=f"z{number}", zone=zone))
    job.run(datetime(2026, 11, 2, 4, 30, tzinfo=timezone(timedelta(hours=hours))).isoformat())
    assert {each for each in job.kept() if each.endswith("json")} == {f"z{n}/2026-10.json" for n in range(len(ZONES))}
    for number, zone in enumerate(ZONES):
        (statement,) = json.loads(job.kept()[f"z{number}/2026-10.json"])["statements"]
        assert statement["period"]["timezone"] == zone
        assert statement["period"]["as_of"] is None
        assert statement["verdict"] == "breached"


def test_a_run_that_was_missed_is_made_up_for_by_the_next(job: Job) -> None:
    (job.folder / "agreements" / "acme.yaml").write_text(MONTHLY.format(id="acme", zone="Europe/London"))
    (job.folder / "agreements" / "outages.csv").write_text("from,to\n2026-10-20T00:00:00Z,2026-10-20T02:00:00Z\n")
    for day in ("2026-11-03", "2026-11-04"):
        job.run(f"{day}T04:30:00Z")
    assert set(job.kept()) == {"acme/2026-10.json", "acme/2026-10.html"}
    assert len(job.mails()) == 1
    # The next month is mailed by itself.
    with (job.folder / "agreements" / "outages.csv").open("a") as stream:
        stream.write("2026-11-20T00:00:00Z,2026-11-20T02:00:00Z\n")
    job.run("2026-12-02T04:30:00Z")
    assert set(job.kept()) == {f"acme/2026-{month}.{ending}" for month in (10, 11) for ending in ("json", "html")}
    assert [each["Subject"] for each in job.mails()] == ["acme 2026-10: breached", "acme 2026-11: breached"]


def test_the_crontab_is_one() -> None:
    ((fields, command),) = entries()
    bounds = [(0, 59), (0, 23), (1, 31), (1, 12), (0, 7)]
    for field, (least, most) in zip(fields, bounds, strict=True):
        parsed = re.fullmatch(r"\*|(\d+)(?:-(\d+))?", field)
        assert parsed
        assert all(least <= int(each) <= most for each in parsed.groups() if each)
    assert fenced((ROOT / "README.md").read_text(), "crontab") == [" ".join([*fields, command]) + "\n"]
    # A % would end the command.
    assert "%" not in command


def test_when_the_crontab_runs_the_month_is_over_in_every_zone() -> None:
    (((minute, hour, days, *_), _),) = entries()
    day = int(days.split("-")[0])
    # A machine in the easternmost zone is the first to run.
    at = datetime(2026, 11, day, int(hour), int(minute), tzinfo=timezone(timedelta(hours=14))).astimezone(UTC)
    assert {at.astimezone(ZoneInfo(each)).month for each in available_timezones() - {"localtime"}} == {11}
    early = at - timedelta(days=1)
    assert early.astimezone(ZoneInfo("America/New_York")).month == 10


def units(folder: Path) -> tuple[Path, Path]:
    """Both units as the page installs them, with the program where it is put."""
    (install,) = blocks("sh", "systemd")
    for name in ("usr/local/bin", "etc/systemd/system", "first"):
        (folder / name).mkdir(parents=True)
    program(folder / "first" / "systemctl", f'echo "$@" >>"{folder}/systemctl"\n')
    here = install.replace("/usr/", f"{folder}/usr/").replace("/etc/", f"{folder}/etc/")
    env = {"PATH": f"{folder}/first:/usr/bin:/bin"}
    subprocess.run(["/bin/sh", "-ec", here], cwd=AUTOMATION.parent, env=env, check=True)  # noqa: S603
    assert (folder / "systemctl").read_text() == "daemon-reload\nenable --now slacheck-report.timer\n"
    service, timer = (folder / "etc/systemd/system" / f"slacheck-report.{kind}" for kind in ("service", "timer"))
    service.write_text(service.read_text().replace("ExecStart=/usr", f"ExecStart={folder}/usr"))
    return service, timer


def test_systemd_has_nothing_to_say_against_its_units(tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("no systemd here")
    done = subprocess.run(  # noqa: S603
        ["systemd-analyze", "verify", *map(str, units(tmp_path))],  # noqa: S607
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")


def settings(unit: Path) -> dict[str, str]:
    lines = [each for each in unit.read_text().splitlines() if each and each[0] not in "#["]
    return dict(each.split("=", 1) for each in lines)


def test_the_units_run_the_line_of_the_crontab_and_catch_up(tmp_path: Path) -> None:
    service, timer = units(tmp_path)
    ((_, command),) = entries()
    assert settings(service)["ExecStart"] == f"{tmp_path}{command}"
    assert settings(timer)["Persistent"] == "true"
    assert settings(timer)["OnCalendar"] == "*-*-02 04:30"


def test_the_timer_runs_once_a_month() -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("no systemd here")
    calendar = settings(AUTOMATION / "slacheck-report.timer")["OnCalendar"]
    said = subprocess.run(  # noqa: S603
        ["systemd-analyze", "calendar", "--iterations=3", "--base-time=2026-10-30", calendar],  # noqa: S607
        env={"TZ": "UTC", "LC_ALL": "C", "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert re.findall(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC", said) == [
        "2026-11-02 04:30:00 UTC",
        "2026-12-02 04:30:00 UTC",
        "2027-01-02 04:30:00 UTC",
    ]


def test_what_stands_after_the_address_reaches_slacheck(job: Job) -> None:
    (job.folder / "reports of all").mkdir()
    command = [str(AUTOMATION / "slacheck-report"), str(job.folder), "a@b", "--as-of", AS_OF]
    done = subprocess.run(  # noqa: S603
        ["/bin/sh", *command, "-o", "reports of all/{agreement}-{period}.csv"],
        env=bare(job.home, job.home / "first"),
        check=False,
    )
    assert done.returncode == 0
    assert [each.name for each in (job.folder / "reports of all").iterdir()] == [f"acme-web-{DAY}.csv"]
