"""The theme part that Word requires: default colors and font."""

from __future__ import annotations

from toolkit.documents.word.styles import ACCENT, AMBER, FONT, INK, LINE, MUTED, PALE

_A = "http://schemas.openxmlformats.org/drawingml/2006/main"
_COLORS = {
    "dk1": INK, "lt1": "FFFFFF", "dk2": ACCENT, "lt2": PALE, "accent1": ACCENT, "accent2": AMBER, "accent3": MUTED,
    "accent4": "5B7DB8", "accent5": "D9B25F", "accent6": LINE, "hlink": ACCENT, "folHlink": MUTED,
}  # fmt: skip


def theme() -> str:
    """Return theme1.xml."""
    colors = "".join(f'<a:{name}><a:srgbClr val="{value}"/></a:{name}>' for name, value in _COLORS.items())
    font = f'<a:latin typeface="{FONT}"/><a:ea typeface=""/><a:cs typeface=""/>'
    fonts = f"<a:majorFont>{font}</a:majorFont><a:minorFont>{font}</a:minorFont>"
    fill = '<a:solidFill><a:schemeClr val="phClr"/></a:solidFill>'
    line = f'<a:ln w="6350">{fill}</a:ln>'
    effect = "<a:effectStyle><a:effectLst/></a:effectStyle>"
    formats = (
        f"<a:fillStyleLst>{fill * 3}</a:fillStyleLst><a:lnStyleLst>{line * 3}</a:lnStyleLst>"
        f"<a:effectStyleLst>{effect * 3}</a:effectStyleLst><a:bgFillStyleLst>{fill * 3}</a:bgFillStyleLst>"
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<a:theme xmlns:a="{_A}" name="House">'
        f'<a:themeElements><a:clrScheme name="House">{colors}</a:clrScheme>'
        f'<a:fontScheme name="House">{fonts}</a:fontScheme>'
        f'<a:fmtScheme name="House">{formats}</a:fmtScheme></a:themeElements></a:theme>'
    )
