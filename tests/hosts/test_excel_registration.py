"""The functions as Excel on Windows gets to know them: names, texts, where they come from."""

import inspect
import os
import subprocess
import sys
import tomllib
from importlib import metadata
from pathlib import Path

import pytest

from tests.engines.excel_com import UdfError
from xlcost.catalog import newest_edition
from xlcost.functions import FUNCTIONS
from xlcost.hosts import excel_udfs

ROOT = Path(__file__).parents[2]
EDITION = newest_edition()


def test_excel_gets_every_function_with_its_texts(excel_com):
    described = {function["name"]: function for function in excel_com.described()}
    assert list(described) == sorted(FUNCTIONS)
    for name, function in FUNCTIONS.items():
        known = described[name]
        *shown, hidden = known["args"]
        assert (known["category"], known["ret"]["doc"], known["volatile"]) == ("XLCOST", function.text, False)
        assert [(argument["name"], argument["doc"], "optional" in argument) for argument in shown] == [
            (argument.name, argument.text, argument.optional) for argument in function.arguments
        ]
        assert all(argument["options"]["ndim"] == 2 and argument["vba"] is None for argument in shown)
        assert hidden["vba"] and hidden["name"] not in [argument.name for argument in function.arguments]


def test_imported_wrappers_show_the_arguments_and_ask_the_calling_workbook_for_its_edition(excel_com):
    vba = excel_com.vba()
    for name, function in FUNCTIONS.items():
        shown = ", ".join(f"{'Optional ' * argument.optional}{argument.name}" for argument in function.arguments)
        handed = "".join(f"{argument.name}, " for argument in function.arguments)
        assert f"\nFunction {name}({shown})\n" in f"\n{vba}"
        assert f'Array({handed}Application.Caller.Worksheet.Evaluate("xlcost_setting_edition"))' in vba
    # VBA takes no longer lines.
    assert max(map(len, vba.splitlines())) < 1023


def test_a_checkout_s_udfs_are_the_package_s(excel_com):
    assert excel_com.call("TRAINING_FLOP", 175e9, 300e9, module="udfs") == 3.15e23
    assert [function["name"] for function in excel_com.described("udfs")] == sorted(FUNCTIONS)


def test_functions_are_plain_ones_in_python():
    function = excel_udfs.CHIP_HOURS
    assert str(inspect.signature(function)) == "(training_flop, chip, mfu=None, workbook_edition=None)"
    assert function.__doc__ == FUNCTIONS["CHIP_HOURS"].text
    assert function(1e25, chip="H100", workbook_edition=EDITION) == function(1e25, "H100", None, EDITION) > 0
    with pytest.raises(TypeError, match="missing a required argument: 'chip'"):
        function(1e25)


def test_a_function_that_raises_is_seen(excel_com):
    with pytest.raises(UdfError, match="no formula TRAINING_FLOP with 3 arguments"):
        excel_com.call("TRAINING_FLOP", 1, 2, 3)
    with pytest.raises(UdfError, match="has no attribute 'NO_SUCH'"):
        excel_com.call("NO_SUCH")


def test_nothing_called_udfs_is_installed():
    with (ROOT / "pyproject.toml").open("rb") as file:
        setuptools = tomllib.load(file)["tool"]["setuptools"]
    assert "py-modules" not in setuptools and setuptools["packages"]["find"]["include"] == ["xlcost*"]
    try:
        installed = metadata.distribution("xlcost").read_text("top_level.txt")
    except metadata.PackageNotFoundError:
        pytest.skip("xlcost is not installed here")
    assert installed.split() == ["xlcost"]


@pytest.mark.skipif("XLWINGS_LICENSE_KEY" not in os.environ, reason="XLWINGS_LICENSE_KEY is not set")
def test_the_same_module_loads_under_the_decorators_of_office_js():
    code = "import udfs, xlwings.server as s; print([f['name'] for f in s.custom_functions_meta(udfs)['functions']])"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={**os.environ, "XLWINGS_ON_SERVER": "true"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert all(name in done.stdout for name in FUNCTIONS)
    assert "workbook_edition" not in done.stdout
