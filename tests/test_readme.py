"""The front door: every command in the README works as it stands there."""

import doctest
import os
import re
import shutil
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

import pytest

from tests.conftest import engine
from tests.engines.cells import EngineMissing
from tests.engines.libreoffice import unopkg_for
from tests.readme_table import with_table
from xlcost import cli
from xlcost.budget.settings import DEFAULTS, settings_from
from xlcost.errors import XlcostError
from xlcost.hosts import windows_addin
from xlcost.hosts.libreoffice import installation

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS = [line for block in re.findall(r"```console\n(.*?)```", README, re.DOTALL) for line in block.splitlines()]

RUNS = "run,chip,chips,hours,start\nours,H100,512,720,2026-03-01\n"
PRICES = (
    "chip,vendor,date,commitment,usd_per_chip_hour,usd_per_chip,sold_as\n"
    "H100,Our cloud,2026-10-01,on_demand,2.5,,\nH100,,2026-10-01,,,25000,server\n"
)
STAFF = "run,role,people,fte_low,fte_high,years_low\nours,research,12,0.3,0.9,0.5\n"
EXPERTS = "question,expert,low,high\nexperiment_factor,Ana,1.5,3\nexperiment_factor,Ben,2,4\n"

CAPACITY = "capacity,kind,chip,chips,in_service\nours,owned,H100,512,2026-01-01\n"
OTHER_COSTS = "item,amount,start\nStorage,1200,2026-03-01\n"
SPEND = "month,amount,service,account,hours\n2026-03,700000,Servers,ml,300000\n2026-03,50,Coffee,kitchen,\n"
MAPPING = "column,pattern,run,component\nServiceName,Server*,ours,rental\n"

OF_ADDINS = ("xlcost addin install", "xlcost addin install --libreoffice")


def test_the_commands_of_the_readme_work_on_a_users_files_as_they_are_typed_one_after_another(tmp_path):
    (tmp_path / "runs.csv").write_text(RUNS)
    (tmp_path / "our-prices.csv").write_text(PRICES)
    (tmp_path / "staff.csv").write_text(STAFF)
    (tmp_path / "experts.csv").write_text(EXPERTS)
    (tmp_path / "capacity.csv").write_text(CAPACITY)
    (tmp_path / "other-costs.csv").write_text(OTHER_COSTS)
    (tmp_path / "sent").mkdir()
    (tmp_path / "sent" / "ours.csv").write_text(RUNS)
    (tmp_path / "departments.txt").write_text("ours\nSales\n")
    (tmp_path / "spend.csv").write_text(SPEND)
    (tmp_path / "mapping.csv").write_text(MAPPING)
    commands = [command for command in COMMANDS if command.startswith("xlcost ") and command not in OF_ADDINS]
    assert len(commands) > 20
    for command in commands:
        done = subprocess.run(
            [sys.executable, "-m", "xlcost", *command.split()[1:]],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
        assert done.returncode == 0, f"{command}: {done.stderr}"
        if " --check " in command:
            assert done.stdout.startswith("our-run.json: all figures of ours are those")
        else:
            named = done.stdout.strip().removesuffix(": as it was written")
            assert (tmp_path / named).stat().st_size > 100, command


@pytest.mark.parametrize("text", re.findall(r"```toml\n(.*?)```", README, re.DOTALL))
def test_settings_of_the_readme_can_be(text, tmp_path):
    (tmp_path / "budget.toml").write_text(text)
    assert settings_from(tmp_path / "budget.toml") != DEFAULTS


@pytest.fixture
def typed(monkeypatch, capsys):
    """Type a command in this process; gives its exit status and what it printed."""

    def type_it(command):
        assert command in COMMANDS
        monkeypatch.setattr(sys, "argv", command.split())
        with pytest.raises(SystemExit) as ended:
            cli.main()
        return ended.value.code or 0, capsys.readouterr().out

    return type_it


def test_the_windows_command_puts_the_addin_into_excels_start_up_folder(typed, tmp_path, monkeypatch):
    monkeypatch.setattr(windows_addin, "startup_folder", lambda *_: tmp_path / "XLSTART")
    status, said = typed(OF_ADDINS[0])
    assert status == 0 and said.startswith(f"{tmp_path / 'XLSTART' / 'xlcost.xlam'}: written.")
    assert [path.name for path in (tmp_path / "XLSTART").iterdir()] == ["xlcost.xlam"]


def test_the_libreoffice_command_installs_the_addin(typed, monkeypatch):
    def find():
        try:
            return installation.find_unopkg()
        except XlcostError as missing:
            raise EngineMissing(str(missing)) from None

    with tempfile.TemporaryDirectory() as folder:
        profile = Path(folder, "profile")
        tool = unopkg_for(profile) or engine(find)
        # The tool of whoever types it, with a profile of LibreOffice's that is none of theirs.
        own = Path(folder, "own")
        own.write_text(
            f'#!/bin/sh\ncommand=$1; shift\nexec {tool} $command -env:UserInstallation=file://{profile} "$@"\n'
        )
        own.chmod(0o755)
        monkeypatch.setattr(installation, "find_unopkg", lambda: own)
        status, said = typed(OF_ADDINS[1])
        assert status == 0 and sys.executable in said
        assert installation.status().startswith("The add-in is installed in LibreOffice")


def test_the_table_of_functions_is_current():
    assert with_table(README) == README, "python -m tests.readme_table writes it anew"


def test_the_python_of_the_readme_prints_what_it_says():
    failed, tried = doctest.testfile(str(ROOT / "README.md"), module_relative=False)
    assert tried > 4 and not failed


def test_ci_runs_the_readmes_test_command():
    test_command = next(command for command in COMMANDS if "pytest" in command)
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert [line for line in script.splitlines() if line in test_command.split(" && ")] == test_command.split(" && ")


@pytest.fixture(scope="session")
def installed(tmp_path_factory):
    """A new virtual environment with xlcost installed from a wheel; what xlcost needs is taken from this one."""
    folder = tmp_path_factory.mktemp("installed")
    source = folder / "source"
    shutil.copytree(ROOT, source, ignore=shutil.ignore_patterns(".git", "*.egg-info", "build", "__pycache__", ".venv"))
    wheels = folder / "wheels"
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet"]
    subprocess.run([*pip, "wheel", "--no-deps", "--wheel-dir", wheels, source], check=True, capture_output=True)
    venv.create(folder / "venv", with_pip=False, system_site_packages=False)
    target = next((folder / "venv" / "lib").iterdir()) / "site-packages"
    subprocess.run(
        [*pip, "install", "--no-deps", "--target", target, *wheels.iterdir()], check=True, capture_output=True
    )
    (target / "shared.pth").write_text("\n".join(path for path in sys.path if path.endswith("-packages")))
    return folder / "venv" / "bin" / "python"


def test_a_wheel_has_all_data_inside(installed, tmp_path):
    report = ["report", "--model", "GPT-4", "--edition", "2024-05", "-o", "report.json"]
    for words in (
        *(["budget"], ["models", "--edition", "2024-05", "--csv", "models.csv"]),
        *(report, ["report", "--check", "report.json"]),
    ):
        done = subprocess.run(
            [installed, "-I", "-m", "xlcost", *words], cwd=tmp_path, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
    where = subprocess.run(
        [installed, "-I", "-c", "import xlcost; print(xlcost.__file__)"], capture_output=True, text=True, check=True
    ).stdout
    assert str(installed.parent.parent) in where
    assert (tmp_path / "budget.xlsx").exists() and (tmp_path / "models.csv").exists()


def test_nothing_called_udfs_is_installed_and_the_functions_are(installed, tmp_path):
    script = (
        "import importlib.util as of, xlcost.hosts.excel_udfs as functions; "
        "print(of.find_spec('udfs'), functions.AMORTIZED_COST.__name__)"
    )
    done = subprocess.run([installed, "-I", "-c", script], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["None", "AMORTIZED_COST"]
