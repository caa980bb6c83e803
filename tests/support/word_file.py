"""Word documents as Word writes them, with just what a test is about."""

import io
import zipfile
from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType='
    '"application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="png" ContentType="image/png"/>'
    '<Default Extension="xml" ContentType="application/xml"/></Types>'
)
_STYLES = "".join(
    f'<w:style w:type="paragraph" w:styleId="{number}"><w:name w:val="{name}"/></w:style>'
    for number, name in enumerate(("Normal", "heading 1", "heading 2", "Title"))
)
_NUMBERING = "".join(
    f'<w:abstractNum w:abstractNumId="{number}"><w:lvl w:ilvl="0"><w:numFmt w:val="{kind}"/></w:lvl>'
    f'<w:lvl w:ilvl="1"><w:numFmt w:val="{kind}"/></w:lvl></w:abstractNum>'
    for number, kind in enumerate(("bullet", "decimal"))
) + "".join(f'<w:num w:numId="{n + 1}"><w:abstractNumId w:val="{n}"/></w:num>' for n in range(2))


def run(text: str, look: str = "") -> str:
    """`look` is `<w:b/>` and the like."""
    return f'<w:r><w:rPr>{look}</w:rPr><w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def paragraph(*inside: str, style: int = 0, numbered: tuple[int, int] | None = None) -> str:
    """`style`: 0 normal, 1 and 2 headings, 3 title; `numbered`: level from 0, and 1 for bullets, 2 for numbers."""
    level = f'<w:numPr><w:ilvl w:val="{numbered[0]}"/><w:numId w:val="{numbered[1]}"/></w:numPr>' if numbered else ""
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{level}</w:pPr>{"".join(inside)}</w:p>'


def table(rows: Sequence[Sequence[str]]) -> str:
    cells = ["".join(f"<w:tc>{paragraph(run(cell))}</w:tc>" for cell in row) for row in rows]
    return f"<w:tbl>{''.join(f'<w:tr>{row}</w:tr>' for row in cells)}</w:tbl>"


def link(text: str, relation: str) -> str:
    return f'<w:hyperlink r:id="{relation}">{run(text)}</w:hyperlink>'


def picture(relation: str, alt: str) -> str:
    drawing = "http://schemas.openxmlformats.org/drawingml/2006"
    blip = f'<a:blip xmlns:a="{drawing}/main" r:embed="{relation}"/>'
    graphic = (
        f'<a:graphic xmlns:a="{drawing}/main"><a:graphicData><pic:pic xmlns:pic="{drawing}/picture"><pic:blipFill>'
        f"{blip}</pic:blipFill></pic:pic></a:graphicData></a:graphic>"
    )
    return (
        f'<w:r><w:drawing><wp:inline xmlns:wp="{drawing}/wordprocessingDrawing"><wp:docPr id="1" name="p" '
        f'descr="{escape(alt)}"/>{graphic}</wp:inline></w:drawing></w:r>'
    )


def footnote_sign(number: int) -> str:
    return f'<w:r><w:footnoteReference w:id="{number}"/></w:r>'


def word_file(
    *body: str, links: Mapping[str, str] | None = None, pictures: Sequence[bytes] = (), notes: Sequence[str] = ()
) -> bytes:
    """A document; `links` by their relation, `pictures` are `image1`, `image2`, …, `notes` have the numbers from 1."""
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    relations = [
        ("styles", "styles.xml", ""),
        ("numbering", "numbering.xml", ""),
        ("footnotes", "footnotes.xml", ""),
        *[("hyperlink", target, name) for name, target in (links or {}).items()],
        *[("image", f"media/image{at}.png", f"image{at}") for at in range(1, len(pictures) + 1)],
    ]
    entries = "".join(
        f'<Relationship Id="{name or f"r{at}"}" Type="{office}/{kind}" Target="{escape(target)}"'
        f"{' TargetMode=' + chr(34) + 'External' + chr(34) if kind == 'hyperlink' else ''}/>"
        for at, (kind, target, name) in enumerate(relations)
    )
    relationships = "http://schemas.openxmlformats.org/package/2006/relationships"
    noted = "".join(
        f'<w:footnote w:id="{at}">{paragraph(run(text))}</w:footnote>' for at, text in enumerate(notes, start=1)
    )
    names = f'xmlns:w="{_W}" xmlns:r="{_R}"'
    files: dict[str, str | bytes] = {
        "[Content_Types].xml": _TYPES,
        "_rels/.rels": f'<Relationships xmlns="{relationships}"><Relationship Id="r" Type="{office}/officeDocument" '
        'Target="word/document.xml"/></Relationships>',
        "word/_rels/document.xml.rels": f'<Relationships xmlns="{relationships}">{entries}</Relationships>',
        "word/document.xml": f"<w:document {names}><w:body>{''.join(body)}</w:body></w:document>",
        "word/styles.xml": f"<w:styles {names}>{_STYLES}</w:styles>",
        "word/numbering.xml": f"<w:numbering {names}>{_NUMBERING}</w:numbering>",
        "word/footnotes.xml": f"<w:footnotes {names}>{noted}</w:footnotes>",
        **{f"word/media/image{at}.png": data for at, data in enumerate(pictures, start=1)},
    }
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, data in files.items():
            opened.writestr(name, data)
    return packed.getvalue()
