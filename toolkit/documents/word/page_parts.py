"""Writes what surrounds the text: header, draft mark, footer, comments and document properties."""

from __future__ import annotations

import datetime
from typing import Any

from docx.document import Document as WordFile
from docx.oxml import parse_xml
from docx.oxml.ns import qn

from toolkit.documents.document import Comment, Document
from toolkit.documents.word import xml
from toolkit.documents.word.body import day_of
from toolkit.documents.word.builder import Builder, on_one_line
from toolkit.documents.word.default_template import NAMES
from toolkit.documents.word.ownership import MARK

DRAFT_MARK = "DRAFT"
ENGLISH = "en-US"
RIGHT_TO_LEFT = {"ar", "fa", "he", "ps", "ur", "yi", "dv", "ckb"}
LEADS = {"guidance": "", "decision": "To decide: ", "caution": "Look again: ", "dissent": "Another view: "}
"""What a comment begins with, so that its kind is said in words."""

_VML = 'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"'
_WATERMARK = (
    f"<w:r><w:rPr><w:noProof/></w:rPr><w:pict {_VML}>"
    '<v:shapetype id="_x0000_t136" coordsize="21600,21600" o:spt="136" adj="10800" path="m@7,l@8,m@5,21600l@6,21600e">'
    '<v:formulas><v:f eqn="sum #0 0 10800"/><v:f eqn="prod #0 2 1"/><v:f eqn="sum 21600 0 @1"/><v:f eqn="sum 0 0 @2"/>'
    '<v:f eqn="sum 21600 0 @3"/><v:f eqn="if @0 @3 0"/><v:f eqn="if @0 21600 @1"/><v:f eqn="if @0 0 @2"/>'
    '<v:f eqn="if @0 @4 21600"/><v:f eqn="mid @5 @6"/><v:f eqn="mid @8 @5"/><v:f eqn="mid @7 @8"/>'
    '<v:f eqn="mid @6 @7"/><v:f eqn="sum @6 0 @5"/></v:formulas>'
    '<v:path textpathok="t" o:connecttype="custom" o:connectlocs="@9,0;@10,10800;@11,21600;@12,10800" '
    'o:connectangles="270,180,90,0"/><v:textpath on="t" fitshape="t"/><v:handles><v:h position="#0,bottomRight" '
    'xrange="6629,14971"/></v:handles><o:lock v:ext="edit" text="t" shapetype="t"/></v:shapetype>'
    '<v:shape id="PowerPlusWaterMarkObject1" o:spid="_x0000_s2049" type="#_x0000_t136" alt="Draft" '
    'style="position:absolute;margin-left:0;margin-top:0;width:430pt;height:160pt;rotation:315;z-index:-251658752;'
    "mso-position-horizontal:center;mso-position-horizontal-relative:margin;mso-position-vertical:center;"
    'mso-position-vertical-relative:margin" o:allowincell="f" fillcolor="#eceff4" stroked="f">'
    f'<v:textpath style="font-family:&quot;Arial&quot;;font-size:1pt" string="{DRAFT_MARK}"/></v:shape></w:pict></w:r>'
)


def _short(words: str, most: int) -> str:
    line = on_one_line(words)
    return line if len(line) <= most else f"{line[: most - 1].rstrip()}\u2026"


def header(builder: Builder, number: int = 1, *, marked: bool = True) -> str:
    """Return the header: whose draft, its status, and the mark behind the text of a draft."""
    document = builder.document
    has_mark = marked and document.status.upper().startswith(DRAFT_MARK)
    mark = _WATERMARK.replace("WaterMarkObject1", f"WaterMarkObject{number}") if has_mark else ""
    text = xml.run(f"{_short(document.organization, 70)}\t") + xml.styled(
        _short(document.status, 40), builder.roles["Strong"]
    )
    return builder.paragraph("Header", mark + text)


def footer(builder: Builder, pages: int) -> str:
    """Return the footer: what, which version, page x of y; below it the notice."""
    document = builder.document
    title = document.title.removeprefix(f"{document.organization}: ")  # the header says whose it is
    texts = (_short(title, 50), f"version {document.version}" if document.version else "", document.day)
    left_text = " \u00b7 ".join(text for text in texts if text)
    page = xml.run(f"{left_text}\tPage ") + xml.field("PAGE", "1") + xml.run(" of ") + xml.field("NUMPAGES", str(pages))
    notice = builder.paragraph("Footer", xml.run(_short(document.notice, 180))) if document.notice.strip() else ""
    return builder.paragraph("Footer", page) + notice


def frame_pages(file: WordFile, builder: Builder, pages: int) -> None:
    """Put header and footer on every page of `file`, behind what a brand has there."""
    section = file.sections[0]
    frames = [(section.header, section.footer)]
    if section.different_first_page_header_footer:
        frames.append((section.first_page_header, section.first_page_footer))
    if file.settings.odd_and_even_pages_header_footer:
        frames.append((section.even_page_header, section.even_page_footer))
    for number, (head, foot) in enumerate(frames, 1):
        _frame(head, header(builder, number, marked=not _has_mark(head)))
        _frame(foot, footer(builder, pages))


def _has_mark(part: Any) -> bool:
    """Return whether a brand's header has a mark of its own behind the text; two would not be read."""
    own = () if part.is_linked_to_previous else part._element.iter("{urn:schemas-microsoft-com:vml}textpath")
    return next(iter(own), None) is not None


def _frame(part: Any, text: str) -> None:
    fresh = part.is_linked_to_previous
    part.is_linked_to_previous = False
    frame = part._element
    if fresh:
        frame[:] = []
    frame.extend(parse_xml(f"<w:hdr {NAMES}>{text}</w:hdr>"))


def remark(file: WordFile, builder: Builder) -> None:
    """Put the comments of the draft into the comments part, dated with the draft's own day."""
    day = day_of(builder.document)
    text = "".join(_comment(builder, number, comment, day) for number, comment in enumerate(builder.comments))
    file.part._comments_part.element.extend(parse_xml(f"<w:comments {NAMES}>{text}</w:comments>"))


def _comment(builder: Builder, number: int, comment: Comment, day: datetime.date | None) -> str:
    date = f' w:date="{day.isoformat()}T12:00:00Z"' if day else ""
    author, initials = xml.quoted(comment.author[:80]), xml.quoted(comment.initials[:9])
    lines = xml.safe(LEADS[comment.kind] + comment.words).split("\n")
    text = "".join(builder.paragraph("CommentText", xml.run(line), words=line) for line in lines)
    return f'<w:comment w:id="{number}" w:author="{author}"{date} w:initials="{initials}">{text}</w:comment>'


def speak(file: WordFile, document: Document) -> None:
    """Let every word that says nothing else be in the language of the draft, for spelling and for reading aloud."""
    spoken = xml.quoted(document.language)[:84] or ENGLISH
    turned = spoken.split("-")[0].lower() in RIGHT_TO_LEFT
    for language in file.styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), spoken)
        if turned:
            language.set(qn("w:bidi"), spoken)


def describe(file: WordFile, document: Document) -> None:
    """Write title, author, language and dates into the properties; nothing of this computer."""
    core = file.core_properties
    core.title, core.author = _property(document.title), _property(document.organization)
    core.last_modified_by = _property(document.organization)
    core.language, core.version = _property(document.language), _property(document.version)
    core.keywords = MARK
    core.content_status, core.subject = _property(document.status), _property(document.subtitle)
    day = day_of(document)
    if day:
        core.created = core.modified = datetime.datetime.combine(day, datetime.time(12))


def _property(words: str) -> str:
    return xml.safe(on_one_line(words))[:255]
