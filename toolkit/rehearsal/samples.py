"""Names, phone numbers and sample answers of made-up participants.

Everything is invented. Phone numbers are from 555-0100 to 555-0199, the numbers that no telephone has; email addresses
end in example.org, which nobody can register. Every sample fits the sentence of the draft that carries it.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

PLACES = (
    "Alder", "Birch", "Cedar", "Dogwood", "Elm", "Fern", "Ginkgo", "Hazel", "Ivy", "Juniper",
    "Katsura", "Laurel", "Maple", "Nettle", "Olive", "Poplar", "Quince", "Rowan", "Sage", "Tulip",
    "Upas", "Viburnum", "Willow", "Yarrow", "Zinnia",
)  # fmt: skip
FIELDS = (
    ("Sexual Health Center", "young people who come for testing and advice"),
    ("Family Visit House", "children and parents who meet under supervision"),
    ("Recovery Network", "adults in recovery and their families"),
    ("Youth Shelter", "young people without a safe home"),
    ("Community Clinic", "patients without insurance"),
    ("Peer Support Circle", "people living with HIV"),
    ("Safe Homes Project", "survivors of violence at home"),
    ("Health Outreach Team", "people who use our van and our drop-in"),
)
"""What an organization does, and the people whom it serves."""

REGIONS = (
    "Harbor County and the Lakeshore Townships",
    "the Greater River Valley and Surrounding Counties",
    "the Northern Plains Interfaith Coalition",
    "St. Brendan's Parish and the Eastside Neighborhoods",
    "the Tri-County Community Action Agency, Inc.",
)
"""What makes a name long: "Alder Youth Shelter of …"."""

REGION_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "Centro Comunitario de Salud El Aliso": "elaliso",
        "柳溪社区健康中心": "liuxi",
        "مركز شجرة الزيتون للأسرة": "zaytoun",
        "Trung tâm Gia đình Hoa Ban": "hoaban",
        "Sant Kominotè Pye Mango": "pyemango",
        "자작나무 가정상담소": "jajak",
        "Семейный центр «Рябина»": "ryabina",
        "Xarunta Qoyska ee Geedka Cambaha": "cambaha",
        "የወይራ የቤተሰብ ማዕከል": "weyra",
        "Casa de Encuentro Familiar Las Jacarandas": "jacarandas",
        "जामुन परिवार केंद्र": "jamun",
        "Ośrodek Rodzinny „Jarzębina”": "jarzebina",
        "松の木家族支援センター": "matsunoki",
        "Centre familial Les Érables d’argent": "erables",
        "Hale ʻOhana Kukui": "kukui",
        "מרכז משפחות עץ השקד": "shaked",
        "Kituo cha Familia Mbuyu": "mbuyu",
        "Tsev Neeg Paj Ntoos": "pajntoos",
    }
)
"""Names in other languages and scripts, each with the first part of its email domain."""

HANDLES = (
    "Amara", "José Luis", "Thảo", "DeShawn", "Siobhán", "小芳", "فاطمة", "Łukasz", "Оксана", "Kalani",
    "Mei-Ling", "Rashida", "Björn", "Xóchitl", "지우", "Marie-Josèphe", "Abdi", "Priya", "O’Shea", "Nayeli",
    "Tariq", "Ayşe", "さくら", "Chidi", "Ingrid", "דליה", "Selam", "Pedro", "Hawwa", "Jean-Claude",
    "Wren", "otter_22", "Coach T", "Ms. B", "K.", "night shift", "Dee", "Alex (they/them)", "Nguyễn", "Marisol",
)  # fmt: skip
"""What people call themselves at a join page: names of many origins, handles, an initial."""

NAMELESS = 0.12
"""Share of people who give no name."""

CONTACTS = (
    ("Amara Okonjo", "aokonjo"), ("José Luis Arriaga", "jarriaga"), ("Thảo Lê", "tle"),
    ("Keisha Whitfield", "kwhitfield"), ("Siobhán Mac Aodha", "smacaodha"), ("Mei-Ling Tsai", "mtsai"),
    ("Fatima al-Rashidi", "falrashidi"), ("Łukasz Wrona", "lwrona"), ("Oksana Hrytsenko", "ohrytsenko"),
    ("Kalani Keahi", "kkeahi"), ("Priya Raghunathan", "praghunathan"), ("Marie-Josèphe Baptiste", "mbaptiste"),
    ("Abdirahman Warsame", "awarsame"), ("Nayeli Quintanilla", "nquintanilla"), ("Ingrid Solheim", "isolheim"),
    ("Rosalind Featherstonehaugh-Castellanos", "rfeatherstonehaugh"),
)  # fmt: skip
"""People at work whom an answer names, with the first part of their email address."""

AREA_CODES = ("734", "517", "313", "612", "505", "907")
PHONES = ("{area}-555-{line}", "({area}) 555-{line}", "{area}.555.{line}", "{area}-555-{line}, ext. 4")
"""How people write a work number; `line` is 0100 to 0199."""

ROLES = ("executive director", "program director", "outreach lead", "office manager", "clinical supervisor")
"""Roles of people at work, unless a question of kind contact names its own."""

USUAL_DAYS_AHEAD = (150, 350)
"""How many days after the workshop a date is, unless its question says so: at least, at most."""

NOTES = (
    "We want one short rule that everyone can remember",
    "New volunteers ask about this in their first week",
    "Our funder asked for it in writing last year",
    "The page should say when we are closed",
    "People should not have to guess who may post",
    "In a small town people recognize each other even without a name",
    "We should show good examples, not only bans",
    "We would rather talk by phone than in comments",
)
"""Free notes: they stay in the record and belong to no clause."""

OBJECTIONS = (
    "I would add an example, so that new volunteers understand it.",
    "We tried this two years ago, and it did not last.",
    "I am not sure that our volunteers will understand this.",
    "This is stricter than what our parent agency asks for.",
    "I would rather ask the board first.",
    "For people who work at night this is not enough.",
)
"""Why someone sees a suggested answer differently, or adds a note to an answer."""

NO_EXAMPLE = ("(made-up answer)", "(another made-up answer)")
"""What stands where a worksheet's question has neither options nor an `example:`."""
