"""The Sources sheet: where the method and the facts come from."""

from __future__ import annotations

NAME = "Sources"

SOURCES = (
    ("Method", "Cottier, Rahman, Fattorini, Maslej, Besiroglu, Owen (2024): The rising costs of training frontier AI models",
     "arXiv:2405.21015", "https://arxiv.org/abs/2405.21015"),
    ("Chips, prices, public models", "Epoch AI: hardware data, hardware prices, notable AI models",
     "CC BY 4.0; re-tabulated by xlcost", "https://epoch.ai/data"),
    ("Electricity", "US Energy Information Administration: average price to industrial customers", "public domain",
     "https://www.eia.gov/electricity/data.php"),
    ("Price index", "US Bureau of Labor Statistics: producer price index PCU518210518210, through FRED", "public domain",
     "https://fred.stlouisfed.org/series/PCU518210518210"),
    ("Newer prices and specifications", "Vendors' datasheets and price lists, transcribed by third parties", "as each row says",
     ""),
)

EQUATIONS = (
    ("Chip-hours", "given, or chips × hours, or training compute / (peak rate × MFU) / 3600"),
    ("Hardware price per chip", "chip price × server over chip cost (a system price has the server in it)"),
    ("Purchase price of the cluster", "hardware price per chip × chips / (1 − interconnect share)"),
    ("Market value at start", "hardware price per chip × 10^(−depreciation rate × age in years)"),
    ("Hardware, market", "market value at start × depreciation rate × ln 10 / hours per year × chip-hours"),
    ("Hardware, market exact", "market value at start × (1 − 10^(−depreciation rate × training time in years)) × chips"),
    ("Hardware, straight line", "hardware price per chip / (useful life × hours per year) × chip-hours within the useful life"),
    ("Cluster network", "hardware × interconnect share / (1 − interconnect share)"),
    ("Energy", "TDP × server over chip power × power draw × PUE × chip-hours × electricity price"),
    ("Run cost on own hardware", "hardware + cluster network + energy"),
    ("Run cost in the cloud", "price per chip-hour at the commitment × chip-hours"),
    ("Budget cost", "run cost on own hardware where the run is sourced own, else run cost in the cloud"),
)


def write_sources(sheet, facts):
    """Fill the sheet."""
    sheet.widths({"A": 34, "B": 92, "C": 36, "D": 50})
    sheet.put("A1", "Sources", style="title")
    sheet.put("A2", f"Price list version {facts.edition}: {facts.title}. Every row on Prices names its own source and date.",
              style="subtitle")
    for letter, text in zip("ABCD", ("What", "Source", "Licence", "Address")):
        sheet.put(f"{letter}4", text, style="heading")
    for row, (what, source, licence, address) in enumerate(SOURCES, start=5):
        sheet.put(f"A{row}", what, style="label")
        sheet.put(f"B{row}", source, style="wrapped")
        sheet.put(f"C{row}", licence, style="text")
        if address:
            sheet.put(f"D{row}", address, style="link_text", url=address)
    row = 5 + len(SOURCES) + 1
    sheet.put(f"A{row}", "Equations", style="section")
    sheet.put(f"A{row + 1}", "Figure", style="heading")
    sheet.put(f"B{row + 1}", "How it is computed", style="heading")
    for offset, (figure, equation) in enumerate(EQUATIONS, start=2):
        sheet.put(f"A{row + offset}", figure, style="label")
        sheet.put(f"B{row + offset}", equation, style="wrapped")
    sheet.print_setup(title_rows="4:4")
