"""The FinOps Foundation's validator on budgets in FOCUS, in an environment of its own."""

import json
import re
import subprocess
from pathlib import Path

import pandas as pd
import pytest

from tests.conftest import engine
from tests.exchange.environments import python_with
from xlcost.exchange.actuals.focus import write_focus
from xlcost.exchange.actuals.focus_columns import VERSION

VALIDATOR, ITS_PYTHON = "focus-validator==2.2.1", "3.12"
"""The newest one that installs, which wants Python 3.12 or later."""
ITS_NEEDS = ("numpy<2", "pyarrow<22")
"""Versions that go together; a newer pyarrow does not start with the NumPy that it wants, though it does not say so."""
EVERYTHING = "CostAndUsage-D-000-M"
"""The rule that all rules of the specification hold."""
MISTAKEN = {"CommitmentDiscount": "Charge Category", "CapacityReservation": "ChargeCategory"}
"""What has a rule, C-004, that asks for a status where there is no id: as against its own words, and rule C-003."""
ONE_OF_TWO = "InvoiceId-C-004-C", "InvoiceId-C-005-C"


class Validator:
    """The validator with its own rules, or with those in a folder."""

    def __init__(self, python):
        self.program = python.parent / "focus-validator"
        find = "import importlib.util; print(importlib.util.find_spec('focus_validator').submodule_search_locations[0])"
        self.package = Path(self._said(python, "-c", find).strip())
        (self.rules_file,) = self.package.glob("rules/model-*.json")
        self.rules = json.loads(self.rules_file.read_text(encoding="utf-8"))

    def _said(self, *words, folder=None):
        done = subprocess.run(
            words, cwd=folder, capture_output=True, text=True, check=False, env={"PATH": "/usr/bin:/bin"}
        )
        return done.stdout + done.stderr

    def failed(self, path, rules=None):
        """The rules that a file breaks."""
        words = ("--data-file", path, "--validate-version", self.rules["Details"]["ModelVersion"], "--block-download")
        words += ("--focus-dataset", "CostAndUsage", "--applicability-criteria", "ALL")
        words += ("--rule-set-path", rules) if rules else ()
        # It looks for its list of currencies in the folder in which it is started.
        said = self._said(self.program, *words, folder=self.package.parent)
        counts = re.search(r"Total: (\d+) \| Pass: (\d+) \| Fail: (\d+)", said)
        assert counts, said[-2000:]
        found = set(re.findall(r"^❌ (\S+): FAIL", said, re.MULTILINE))
        # Else it was not asked.
        assert EVERYTHING in found or f"✅ {EVERYTHING}: PASS" in said
        assert int(counts[2]) > 300 and int(counts[3]) == len(found)
        return found


@pytest.fixture(scope="session")
def validator():
    return Validator(engine(lambda: python_with(VALIDATOR, *ITS_NEEDS, version=ITS_PYTHON)))


@pytest.fixture(scope="session")
def corrected(validator, tmp_path_factory):
    """Its rules, of which two ask for the opposite of what they say: with the condition that they name."""
    rules = json.loads(json.dumps(validator.rules))
    for of, category in MISTAKEN.items():
        wrong = rules["ModelRules"][f"{of}Status-C-004-C"]["ValidationCriteria"]
        assert f'{of}Id is not null and {category} is "Usage"' in wrong["MustSatisfy"]
        has_one = {"CheckFunction": "CheckNotValue", "ColumnName": f"{of}Id", "Value": None}
        is_usage = {"CheckFunction": "CheckValue", "ColumnName": "ChargeCategory", "Value": "Usage"}
        wrong["Condition"] = {"CheckFunction": "AND", "Items": [has_one, is_usage]}
    folder = tmp_path_factory.mktemp("rules")
    (folder / validator.rules_file.name).write_text(json.dumps(rules), encoding="utf-8")
    return folder


@pytest.mark.parametrize("name", ["focus.csv", "focus.parquet"])
def test_the_validator_finds_no_violation(owned, tmp_path, validator, corrected, name):
    write_focus(tmp_path / name, owned)
    # Without an invoice its number is empty, as the first of two rules wants, of which one must hold.
    assert validator.failed(tmp_path / name, corrected) == {ONE_OF_TWO[1]}
    nullability = validator.rules["ModelRules"]["InvoiceId-C-003-C"]["ValidationCriteria"]["Requirement"]
    assert nullability["CheckFunction"] == "OR"
    assert [item["ModelRuleId"] for item in nullability["Items"]] == list(ONE_OF_TWO)


def test_with_its_rules_as_they_are_only_those_that_nobody_can_meet_are_broken(owned, tmp_path, validator):
    write_focus(tmp_path / "focus.parquet", owned)
    condition = {
        of: [
            validator.rules["ModelRules"][f"{of}Status-C-00{rule}-C"]["ValidationCriteria"]["Condition"]
            for rule in (3, 4)
        ]
        for of in MISTAKEN
    }
    # One has the condition of the rule that asks for the opposite, the other none that the validator reads.
    assert condition["CommitmentDiscount"][0] == condition["CommitmentDiscount"][1]
    assert "CheckFunction" not in condition["CapacityReservation"][1]
    asking = {f"{of}Status-C-00{rule}-C" for of in MISTAKEN for rule in (0, 2, 4)}
    assert validator.failed(tmp_path / "focus.parquet") == asking | {ONE_OF_TWO[1], "CostAndUsage-D-002-M", EVERYTHING}


def test_the_validator_would_find_a_violation(owned, tmp_path, validator, corrected):
    write_focus(tmp_path / "focus.parquet", owned)
    table = pd.read_parquet(tmp_path / "focus.parquet")
    table = table.assign(BillingCurrency="Euros", ServiceCategory="Toys", PricingUnit=None).drop(columns="SkuId")
    table.to_parquet(tmp_path / "wrong.parquet", index=False)
    broken = validator.failed(tmp_path / "wrong.parquet", corrected)
    assert {"BillingCurrency-C-003-M", "ServiceCategory-C-003-M", "PricingUnit-C-006-C", EVERYTHING} <= broken
    assert any(name.startswith("SkuId-") for name in broken)


def test_the_version_is_the_newest_whose_rules_the_validator_brings(validator):
    assert validator.rules["Details"]["FOCUSVersion"] == VERSION
