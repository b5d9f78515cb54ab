"""Departments' workbooks of every version of the template that there was, as `filled` has filled them."""

import pytest

from tests.exchange.changed import copied, number, put
from tests.exchange.filled import OTHERS, ROLES, RUNS, SENT, address
from xlcost import catalog
from xlcost.exchange.check import check
from xlcost.exchange.consolidation.company import TAKEN, consolidated
from xlcost.exchange.consolidation.submission import read_submission
from xlcost.overview import TEMPLATE_VERSION

OLDER = sorted(SENT.keys() - {TEMPLATE_VERSION})


def test_what_was_sent_out_as_this_version_is_as_it_was_written():
    """Who changes the template gives it a new version, and adds a workbook: those that are out would seem damaged."""
    assert check(SENT[TEMPLATE_VERSION]).findings == []


@pytest.mark.parametrize("version", OLDER)
def test_of_an_older_one_inputs_are_checked_and_formulas_are_not_accused(version, tmp_path):
    path = copied(SENT[version], tmp_path)
    assert [(each.sheet, each.cell, each.kind) for each in check(path).findings] == [("Overview", "B15", "version")]
    chips = address("Runs", 0, "chips")
    put(path, "Runs", {chips: number(-5)})
    assert [(each.cell, each.kind) for each in check(path).findings] == [("B15", "version"), (chips, "input")]


@pytest.mark.parametrize("version", SENT)
def test_every_row_of_every_version_is_taken(version):
    sent = read_submission(SENT[version], "research.xlsx")
    company = consolidated([sent], catalog.load(), {})
    assert company.status == {"research.xlsx": TAKEN}
    assert [row.reason for row in company.received] == [""] * (len(RUNS) + len(ROLES) + len(OTHERS))
    assert company.runs()["run"].tolist() == [run["run"] for run in RUNS]
    remarks = [str(remark) for remark in company.remarks["research.xlsx"] if "template version" in str(remark)]
    assert len(remarks) == (version in OLDER)
