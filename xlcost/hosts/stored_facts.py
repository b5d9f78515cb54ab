"""An edition's facts, ready to look up, kept in the user's cache: a function answers before pandas would be imported.

The file's name has a digest of the catalog's tables and of the code that reads them, so a change of either makes a new
file, and what is stored can be no other than what would be computed.
"""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path
from types import SimpleNamespace

import numpy as np

from ..catalog.editions import FOLDER
from ..catalog.names import ChipNames
from ..equations.parameters import ASSUMPTIONS
from ..lookup import Listed

CODE = ("facts.py", "lookup.py", "comparison.py", "dates.py", "catalog", "equations", "hosts/stored_facts.py")
"""What decides what is stored, beside the tables."""
CHIP_COLUMNS = ("chip", "aliases", "family", "family_default")
SUFFIXES = (".csv", ".toml", ".py")
OLDER = "facts-{edition}-*.json"


def stored_facts(edition):
    """Facts of an edition, the names of its chips, and the spellings of its vendors.

    Parameters
    ----------
    edition : str

    Returns
    -------
    facts : types.SimpleNamespace
        As `xlcost.facts.facts_of` gives them with the assumptions of the paper.
    names : ChipNames
    vendor_spellings : dict of str to str
    """
    path = _place(edition)
    try:
        content = _read(path)
    except (OSError, ValueError):
        content = _content(edition)
        _keep(path, edition, content)
    facts = {name: _column(value) for name, value in content["facts"].items()}
    facts |= {name: Listed(facts[name]) for name in content["listed"]}
    return SimpleNamespace(**facts), ChipNames(content["chips"]), content["vendor_spellings"]


def _read(path):
    """What is stored; ValueError where it is not what was written."""
    digest, _, text = path.read_text(encoding="utf-8").partition("\n")
    if digest != _digest(text.encode()):
        raise ValueError(f"{path} was changed")
    return json.loads(text)


def _content(edition):
    """What is stored, computed from the catalog."""
    from ..catalog import load
    from ..facts import facts_of

    catalog = load(edition)
    facts = vars(facts_of(catalog, ASSUMPTIONS))
    return {
        "facts": {name: _plain(value) for name, value in facts.items()},
        "listed": [name for name, value in facts.items() if isinstance(value, Listed)],
        "chips": {name: catalog.chips[name].tolist() for name in CHIP_COLUMNS},
        "vendor_spellings": catalog.vendor_spellings,
    }


def _plain(value):
    value = value.entries if isinstance(value, Listed) else value
    return value.tolist() if isinstance(value, (np.ndarray, np.generic)) else value


def _column(value):
    if not isinstance(value, list):
        return value
    return np.array(value, dtype=object if value and isinstance(value[0], str) else float)


def _place(edition):
    from platformdirs import user_cache_path

    package = Path(__file__).parents[1]
    parts = [FOLDER, *(package / name for name in CODE)]
    files = [file for part in parts for file in (sorted(part.rglob("*")) if part.is_dir() else [part])]
    digest = _digest(*(file.name.encode() + file.read_bytes() for file in files if file.suffix in SUFFIXES))
    return Path(user_cache_path("xlcost", appauthor=False), f"facts-{edition}-{digest}.json")


def _digest(*parts):
    digest = hashlib.blake2b(digest_size=12)
    for part in parts:
        digest.update(part)
    return digest.hexdigest()


def _keep(path, edition, content):
    """Store it for the next time, in the place of what older tables gave; without it all goes as well, but slower."""
    import tempfile

    text = json.dumps(content)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        for older in path.parent.glob(OLDER.format(edition=edition)):
            older.unlink()
        handle, name = tempfile.mkstemp(dir=path.parent, suffix=".tmp")
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(f"{_digest(text.encode())}\n{text}")
        os.replace(name, path)
    except OSError:
        return
