"""What tests of actuals are made of: a bill, spend read for a budget, and the sheet that shows it."""

from dataclasses import replace

from tests.exchange.conftest import as_csv
from tests.workbook.ledger import InMemory
from xlcost.dates import to_serial
from xlcost.exchange.actuals.spend import actuals_of

FEBRUARY = float(to_serial("2026-02-01"))
MAPPED = {"run": "R", "component": "rental"}
BILL = [
    {"month": "2026-01", "amount": 15_000, "hours": 7440, **MAPPED},
    {"month": "2026-01", "amount": -500, "charge": "Credit", **MAPPED},
    {"month": "2026-02", "amount": 12_000, "hours": 6720, **MAPPED},
    {"month": "2026-02", "amount": 1_000, "charge": "Tax", **MAPPED},
]


class Sheet:
    """The Actuals sheet, read by its headings and labels."""

    def __init__(self, rows):
        self.rows = rows

    @classmethod
    def of(cls, plan, actuals):
        return cls(InMemory(replace(plan, actuals=actuals)).grid("Actuals"))

    def setting(self, label):
        return next(row[1] for row in self.rows if row[0] == label)

    def by_month(self, label):
        """A row of the months, without what is added up behind it."""
        begin = next(number for number, row in enumerate(self.rows) if row[0] == "By month")
        row = next(row for row in self.rows[begin:] if row[0] == label)
        end = next(at for at, cell in enumerate(self.rows[begin]) if cell == "Budget total")
        return [float(cell) for cell in row[2:end]]

    def table(self, title):
        """Rows of a table by their labels, each by its headings."""
        first = [row[0] for row in self.rows]
        headings, found = self.rows[first.index("Up to the close")][2:], {}
        for row in self.rows[first.index(title) + 1 :]:
            if row[0]:
                found[str(row[0])] = dict(zip(headings, row[2:]))
            if row[0] == "Total":
                break
        return found

    def amount(self, label):
        return next(row[2] for row in self.rows if row[0] == label)


def spent(plan, folder, rows, **options):
    return actuals_of(plan, [as_csv(folder / "spend.csv", rows)], **options)


def refused(xlcost, folder, *words):
    """The sentences with which a command ends that writes nothing."""
    before = sorted(path.name for path in folder.iterdir())
    status, out, err = xlcost("actuals", *words, "-o", "out.xlsx")
    assert (status, out) == (2, "") and sorted(path.name for path in folder.iterdir()) == before
    assert "Traceback" not in err
    return err
