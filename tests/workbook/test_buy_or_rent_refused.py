"""What cannot be set on Buy or rent: it is counted by the checks, and said where nothing can be computed."""

import pytest

from tests.workbook.compare import MASTER
from tests.workbook.fleet_months import Sheet
from xlcost.workbook import buy_or_rent_answer as answer


@pytest.fixture(scope="module")
def opened(budget, libreoffice):
    with libreoffice.open(budget) as document:
        yield Sheet(document)


@pytest.fixture
def calc(opened):
    yield opened
    opened.restore()


@pytest.mark.parametrize(
    ("settings", "found"),
    [
        ({"chips": 0.0}, 1),
        ({"chips": -8.0}, 1),
        ({"chips": 1000.5}, 1),
        ({"chips": 0.5}, 1),
        ({"chips": "many"}, 1),
        ({"chips": None}, 1),
        ({"start": "soon"}, 1),
        ({"start": -1.0}, 1),
        ({"years": "three"}, 1),
        ({"use": "often"}, 1),
        ({"use": -0.1}, 1),
        ({"installation": -1.0}, 1),
        ({"installation": "10 million"}, 1),
        ({"borrowed": -0.1}, 1),
        ({"borrowed": 1.01}, 1),
        ({"borrowed": "half"}, 1),
        ({"interest": -0.01}, 1),
        ({"interest": "market"}, 1),
        ({"borrowed": 0.5, "interest": -0.01}, 1),
        ({"borrowed": 0.5, "interest": "market"}, 1),
        ({"term": -1.0}, 1),
        ({"term": "long"}, 1),
        ({"price": -1.0}, 1),
        ({"price": "2.50 $"}, 1),
        ({"tokens": -1.0}, 1),
        ({"tokens": "all"}, 1),
        ({"fine_tuning": -1.0}, 1),
        ({"fine_tuning": "free"}, 1),
        ({"benefits": (1e6, -1.0, None, None, None)}, 1),
        ({"benefits": (None, None, None, None, "much")}, 1),
        ({"benefits": ("much", -1.0, -2.0, 0.0, "much"), "price": -1.0, "installation": "?", "chips": 2.5}, 7),
    ],
    ids=str,
)
def test_every_figure_that_cannot_be_turns_the_line_of_the_checks_red(calc, settings, found):
    def line():
        rows = calc.document.grid("Checks", "A1:E90")
        return next(row for row in rows if row[0] == "Buy or rent: settings that cannot be")[1:]

    assert line() == [0.0, 0.0, 0.0, "OK"]
    calc.change(**settings)
    assert line() == [found, 0.0, found, "CHECK"] and calc.document.get([MASTER]) == ["CHECK"]


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"years": 2.5}, answer.NOT_SET),
        ({"years": None}, answer.NOT_SET),
        ({"years": 6.0}, answer.NOT_SET),
        ({"use": None}, answer.NOT_SET),
        ({"use": 1.2}, answer.NOT_SET),
        ({"use": "often"}, answer.NOT_SET),
        ({"years": "three"}, answer.NOT_SET),
        ({"chips": 12.5}, answer.NOT_SET),
        ({"chips": 0.0}, answer.NOT_SET),
        ({"chips": "many"}, answer.NOT_SET),
        ({"chip": None}, answer.NOT_SET),
        ({"timing": "some day"}, answer.NOT_SET),
        ({"borrowed": 0.5, "interest": None}, None),
        ({"borrowed": 0.5, "term": 0.0}, None),
    ],
    ids=str,
)
def test_what_cannot_be_computed_is_said_and_turns_the_master_check_red_without_an_error(calc, settings, said):
    calc.change(**settings)
    assert said is None or calc.sentence() == said
    assert calc.document.get([MASTER]) == ["CHECK"]
    if not {"many", "often", "three"} & set(settings.values()):
        assert calc.errors() == []
