"""Writes a workbook of advocates as Excel would: shared strings, dates and percentages by their number formats.

A program of its own (`workbook.py FILE ROWS`), because its memory would count in the process that is measured next.
"""

import sys
import zipfile
from pathlib import Path
from xml.sax.saxutils import escape

HEADERS = ("Name", "Email", "Title", "Company", "Position", "Industry", "Salesforce ID", "Product",
           "External Contact ID", "Joined", "Score", "Rate")
FIRST = ("Anna", "Ben", "Chloé", "Dmitri", "Elif", "Fatima", "Günther", "Hiro", "Ines", "João")
LAST = ("Lee", "Ito", "Müller", "Okafor", "Silva", "Novak", "Dubois", "Haddad", "Kim", "Larsen")
TITLES = ("Head of Sales", "Lead", "Manager", "VP Marketing & Growth", "Engineer")
INDUSTRIES = ("Retail", "Software", "Finance")

OFFICE = "http://schemas.openxmlformats.org"
MAIN = f'xmlns="{OFFICE}/spreadsheetml/2006/main"'
RELATED = f"{OFFICE}/officeDocument/2006/relationships"
TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"

# Styles 1 and 2 are a date and a percentage.
STYLES = f"""<styleSheet {MAIN}><numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy-mm-dd"/></numFmts>
<fonts><font/></fonts><fills><fill><patternFill/></fill></fills><borders><border/></borders><cellStyleXfs><xf/></cellStyleXfs>
<cellXfs><xf numFmtId="0"/><xf numFmtId="164"/><xf numFmtId="10"/></cellXfs></styleSheet>"""


def write(path: Path, rows: int) -> None:
    """A header and so many people of twelve cells."""
    strings: dict[str, int] = {}
    parts = {
        "[Content_Types].xml": types(),
        "_rels/.rels": relationships({"officeDocument": "xl/workbook.xml"}),
        "xl/_rels/workbook.xml.rels": relationships(
            {"worksheet": "worksheets/sheet1.xml", "styles": "styles.xml", "sharedStrings": "sharedStrings.xml"}),
        "xl/workbook.xml": f'<workbook {MAIN} xmlns:r="{RELATED}"><sheets><sheet name="Advocates" sheetId="1" r:id="rId1"/>'
                           "</sheets></workbook>",
        "xl/styles.xml": STYLES,
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            sheet.write(f'<worksheet {MAIN}><sheetData>'.encode())
            sheet.write(row(1, [text(header, strings) for header in HEADERS]).encode())
            for number in range(1, rows + 1):
                sheet.write(row(number + 1, person(number, strings)).encode())
            sheet.write(b"</sheetData></worksheet>")
        items = "".join(f"<si><t>{escape(string)}</t></si>" for string in strings)
        archive.writestr("xl/sharedStrings.xml", f"<sst {MAIN}>{items}</sst>")


def person(number: int, strings: dict) -> list[str]:
    name = f"{FIRST[number % 10]} {LAST[number // 10 % 10]} {number}"
    texts = (name, f"person{number}@example.com", TITLES[number % 5], f"Company {number % 5000}",
             f"Position {number % 40}", INDUSTRIES[number % 3], f"003{number:012}", "Alpha, Beta")
    numbers = ((1_000_000 + number, 0), (43_831 + number % 2000, 1), (number * 7919 % 100_000 / 100, 0),
               (number % 1000 / 1000, 2))
    return [text(string, strings) for string in texts] + [f' s="{style}"><v>{value}</v>' for value, style in numbers]


def text(string: str, strings: dict) -> str:
    return f' t="s"><v>{strings.setdefault(string, len(strings))}</v>'


def row(number: int, cells: list[str]) -> str:
    written = "".join(f'<c r="{chr(65 + column)}{number}"{cell}</c>' for column, cell in enumerate(cells))
    return f'<row r="{number}" spans="1:{len(cells)}">{written}</row>'


def relationships(parts: dict) -> str:
    inside = "".join(f'<Relationship Id="rId{at}" Type="{RELATED}/{kind}" Target="{part}"/>'
                     for at, (kind, part) in enumerate(parts.items(), 1))
    return f'<Relationships xmlns="{OFFICE}/package/2006/relationships">{inside}</Relationships>'


def types() -> str:
    parts = {"workbook": "sheet.main", "worksheets/sheet1": "worksheet", "styles": "styles", "sharedStrings": "sharedStrings"}
    inside = "".join(f'<Override PartName="/xl/{part}.xml" ContentType="{TYPE}.{kind}+xml"/>' for part, kind in parts.items())
    rels = '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    return f'<Types xmlns="{OFFICE}/package/2006/content-types">{rels}{inside}</Types>'


if __name__ == "__main__":
    write(Path(sys.argv[1]), int(sys.argv[2]))
