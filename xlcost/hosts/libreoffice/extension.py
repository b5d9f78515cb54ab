"""The add-in for LibreOffice Calc as an extension (.oxt): a zip of descriptions, made from `FUNCTIONS`, and modules.

The type description is UNO's own language as text. LibreOffice reads it wherever it reads a compiled one, so no tool of
its development kit is needed.
"""

from __future__ import annotations

import io
import json
import sys
import zipfile
from importlib import metadata
from pathlib import Path
from xml.etree import ElementTree

from ...files import replacing
from ...functions import FUNCTIONS
from .worker import zero_is_allowed, zero_is_blank

IDENTIFIER = "org.xlcost.addin"
SERVICE, IMPLEMENTATION = "org.xlcost.XlCost", "org.xlcost.XlCostImpl"
WORKER = "xlcost.hosts.libreoffice.worker"
DESCRIPTION = "xlcost_addin.json"
OLDEST_LIBREOFFICE = "25.2"
CATEGORY = "Add-In"
"""Where the function wizard lists the functions; it knows no others than its own categories."""
ADVICE = "run xlcost addin install --libreoffice again"
ZERO_LEFT_OUT = "0 counts as left out"
MODULES = {
    "xlcost_addin.py": "xlcost_addin.py",
    # The folder of this name beside a component is where LibreOffice's Python finds further modules.
    "xlcost_ahead.py": "pythonpath/xlcost_ahead.py",
    "xlcost_connection.py": "pythonpath/xlcost_connection.py",
    "xlcost_pipe.py": "pythonpath/xlcost_pipe.py",
}
DAY_OF_FILES = (1980, 1, 1, 0, 0, 0)
CONFIGURATION = "http://openoffice.org/2001/registry"
SCHEMA = "http://www.w3.org/2001/XMLSchema"
MANIFEST = "http://openoffice.org/2001/manifest"
MEDIA_TYPES = {
    "XlCost.idl": "application/vnd.sun.star.uno-typelibrary;type=RDB",
    "CalcAddIns.xcu": "application/vnd.sun.star.configuration-data",
    "xlcost.components": "application/vnd.sun.star.uno-components",
}


def build(path, interpreter=None, folder="", replace=True):
    """Write the extension.

    Parameters
    ----------
    path : path-like
        Of the .oxt file.
    interpreter : str, optional
        The Python in which xlcost is installed; the running one by default.
    folder : str
        Where that Python finds xlcost, when it does not by itself.
    replace : bool
        Whether an existing file may be replaced.

    Raises
    ------
    XlcostError
        The file cannot be written.
    """
    content = extension(interpreter or sys.executable, folder)
    with replacing(path, replace) as temporary:
        temporary.write_bytes(content)


def extension(interpreter, folder=""):
    """The bytes of the extension: the same for the same interpreter, folder and version of xlcost."""
    parts = {
        "META-INF/manifest.xml": _manifest(),
        "description.xml": _description(),
        "XlCost.idl": type_description().encode(),
        "CalcAddIns.xcu": _texts(),
        "xlcost.components": _components(),
        DESCRIPTION: _of_this_installation(interpreter, folder),
    }
    for name, place in MODULES.items():
        parts[place] = (Path(__file__).with_name("office") / name).read_bytes()
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as zipped:
        for name, content in parts.items():
            zipped.writestr(zipfile.ZipInfo(name, DAY_OF_FILES), content)
    return file.getvalue()


def identifier(name):
    """What a function or an argument is called in UNO, which knows no underscores.

    >>> identifier("AMORTIZED_COST"), identifier("usd_per_kwh")
    ('amortizedCost', 'usdPerKwh')
    """
    first, *others = name.lower().split("_")
    return first + "".join(word.capitalize() for word in others)


def type_description():
    """The interface of the add-in, a method for each function.

    Calc does not show the first argument, it fills in the workbook. A required argument is rows of cells and an
    optional one is anything, as Calc takes this for what may be left out.
    """
    methods = [
        f"  sequence< sequence< any > > {identifier(function.name)}("
        + ", ".join(
            [
                "[in] com::sun::star::beans::XPropertySet workbook",
                *(
                    f"[in] {'any' if argument.optional else 'sequence< sequence< any > >'} {identifier(argument.name)}"
                    for argument in function.arguments
                ),
            ]
        )
        + ");"
        for function in FUNCTIONS.values()
    ]
    return "\n".join(["module org { module xlcost { interface XXlCost {", *methods, "}; }; };", ""])


def argument_text(argument):
    """What the function wizard says of an argument."""
    if argument.kind == "number" and zero_is_blank(argument) and zero_is_allowed(argument):
        return f"{argument.text}; {ZERO_LEFT_OUT}"
    return argument.text


def _texts():
    root = ElementTree.Element(
        "oor:component-data",
        {
            "xmlns:oor": CONFIGURATION,
            "xmlns:xs": SCHEMA,
            "oor:name": "CalcAddIns",
            "oor:package": "org.openoffice.Office",
        },
    )
    functions = _node(_node(_node(root, "AddInInfo", False), SERVICE), "AddInFunctions", False)
    for function in FUNCTIONS.values():
        node = _node(functions, identifier(function.name))
        _property(node, "DisplayName", function.name)
        _property(node, "Description", function.text)
        _property(node, "Category", CATEGORY, translated=False)
        # What it is called in Excel's files.
        _property(node, "CompatibilityName", function.name)
        arguments = _node(node, "Parameters", False)
        for argument in function.arguments:
            node = _node(arguments, identifier(argument.name))
            _property(node, "DisplayName", argument.name)
            _property(node, "Description", argument_text(argument))
    return _xml(root)


def _node(parent, name, is_new=True):
    return ElementTree.SubElement(parent, "node", {"oor:name": name} | ({"oor:op": "replace"} if is_new else {}))


def _property(parent, name, text, translated=True):
    value = ElementTree.SubElement(ElementTree.SubElement(parent, "prop", {"oor:name": name}), "value")
    value.text = text
    if translated:
        # The language that LibreOffice falls back on.
        value.set("xml:lang", "en-US")


def _manifest():
    root = ElementTree.Element("manifest:manifest", {"xmlns:manifest": MANIFEST})
    for name, media_type in MEDIA_TYPES.items():
        ElementTree.SubElement(
            root, "manifest:file-entry", {"manifest:full-path": name, "manifest:media-type": media_type}
        )
    return _xml(root)


def _description():
    root = ElementTree.Element(
        "description",
        {
            "xmlns": "http://openoffice.org/extensions/description/2006",
            "xmlns:l": "http://libreoffice.org/extensions/description/2011",
        },
    )
    ElementTree.SubElement(root, "identifier", {"value": IDENTIFIER})
    ElementTree.SubElement(root, "version", {"value": version()})
    needed = ElementTree.SubElement(root, "dependencies")
    ElementTree.SubElement(
        needed,
        "l:LibreOffice-minimal-version",
        {"value": OLDEST_LIBREOFFICE, "l:name": f"LibreOffice {OLDEST_LIBREOFFICE}"},
    )
    name = ElementTree.SubElement(ElementTree.SubElement(root, "display-name"), "name", {"lang": "en"})
    name.text = "xlcost: the cost of training AI"
    return _xml(root)


def _components():
    root = ElementTree.Element("components", {"xmlns": "http://openoffice.org/2010/uno-components"})
    component = ElementTree.SubElement(
        root, "component", {"loader": "com.sun.star.loader.Python", "uri": "./xlcost_addin.py"}
    )
    implementation = ElementTree.SubElement(component, "implementation", {"name": IMPLEMENTATION})
    ElementTree.SubElement(implementation, "service", {"name": SERVICE})
    return _xml(root)


def _of_this_installation(interpreter, folder):
    description = {
        "interpreter": str(interpreter),
        "folder": str(folder),
        "module": WORKER,
        "advice": ADVICE,
        "functions": {
            name: (
                identifier(name),
                len(function.arguments),
                sum(not argument.optional for argument in function.arguments),
            )
            for name, function in FUNCTIONS.items()
        },
    }
    return json.dumps(description, indent=1).encode()


def _xml(root):
    ElementTree.indent(root, " ")
    return ElementTree.tostring(root, "utf-8", xml_declaration=True)


def version():
    """The version of xlcost that is installed; "0" for a mere copy of its source."""
    try:
        return metadata.version("xlcost")
    except metadata.PackageNotFoundError:
        return "0"
