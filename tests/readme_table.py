"""The README's table of functions, made from their descriptions: ``python -m tests.readme_table`` writes it anew."""

from pathlib import Path

from xlcost.functions import FUNCTIONS

README = Path(__file__).parent.parent / "README.md"
BEGIN, END = "<!-- functions -->\n", "<!-- end of functions -->\n"


def table():
    """The functions in Markdown: what is typed, what it gives, in which unit."""
    lines = ["| function | what it gives | unit |", "|---|---|---|"]
    for function in FUNCTIONS.values():
        names = [f"[{argument.name}]" if argument.optional else argument.name for argument in function.arguments]
        lines.append(f"| `{function.name}({', '.join(names)})` | {function.text} | {function.unit} |")
    return "\n".join(lines) + "\n"


def with_table(text):
    """The README with the table as it is now."""
    before, rest = text.split(BEGIN)
    return f"{before}{BEGIN}\n{table()}\n{END}{rest.split(END)[1]}"


if __name__ == "__main__":
    README.write_text(with_table(README.read_text(encoding="utf-8")), encoding="utf-8")
