"""Sentences keep their templates and parts, and are said in another language from these."""

import copy
import pickle

import pandas as pd
import pytest

from xlcost import catalog
from xlcost.columns import RUN_COLUMNS
from xlcost.errors import InputError, XlcostError
from xlcost.languages import Language, language_of
from xlcost.runs import check_runs
from xlcost.sentences import ColumnName, Sentence, SheetName, listed, said, together

GERMAN = Language(
    "de",
    {
        "{column} is {value}; {allowed}": "{column}: {value} geht nicht, {allowed}",
        "empty": "leer",
        "Training run": "Lauf",
        "Runs": "Läufe",
        "{first}; {second}": "{first}. {second}",
    },
)


def test_a_sentence_is_english_and_can_be_said_in_another_language():
    column, empty = ColumnName(RUN_COLUMNS["run"]), Sentence("empty")
    sentence = Sentence("{column} is {value}; {allowed}", column=column, value=empty, allowed="{1}")
    assert sentence == "run is empty; {1}"
    assert sentence.said(GERMAN) == "Lauf: leer geht nicht, {1}"
    assert sentence.said(Language()) == sentence


def test_sentences_are_put_together_and_stay_sayable():
    assert together(["a", Sentence("empty"), SheetName("Runs")]).said(GERMAN) == "a. leer. Läufe"
    assert together([]) == "" and said(together(["as it is"]), GERMAN) == "as it is"
    assert listed(["people"]) == "people" and listed(["people", "fte"]) == "people, fte"


@pytest.mark.parametrize("again", [copy.deepcopy, lambda text: pickle.loads(pickle.dumps(text))])
def test_a_sentence_survives_being_copied_and_sent_to_another_process(again):
    sentence = Sentence("{column} is {value}; {allowed}", column=ColumnName(RUN_COLUMNS["run"]), value="{}", allowed="")
    assert again(sentence) == sentence and again(sentence).said(GERMAN) == sentence.said(GERMAN)


def test_an_error_keeps_its_sentences_without_the_files_name():
    error = XlcostError(Sentence("the file is empty"), "a.csv")
    assert str(error) == "a.csv: the file is empty"
    assert [said(text, language_of("ja")) for text in error.sentences] == ["ファイルが空です"]
    runs = pd.DataFrame({"run": ["A", "a"], "chip": ["H100", "H100"], "chip_hours": [1, "x"]}, index=[6, 7])
    with pytest.raises(InputError) as caught:
        check_runs(runs, catalog.load(), "b.csv")
    assert caught.value.problems == [
        "b.csv: row 7: chip_hours is 'x'; it must be a number above 0 and at most 1e+15",
        "b.csv: row 7: run 'a' is named already in row 6; each run needs a name of its own",
    ]
    assert [said(text, language_of("ja")) for text in caught.value.sentences] == [
        "7行目: チップ時間: 'x'は使えません。0より大きい値、1e+15以下の数値を入力してください",
        "7行目: 学習案件'a'は6行目にすでにあります。案件ごとに別の名称にしてください",
    ]
