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
ROLES_OF: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "counsel": ("volunteer lawyer", "attorney at the bar association's nonprofit desk"),
        "privacy_official": ("privacy officer", "compliance lead"),
        "funder_breach_report": ("grants manager", "finance director"),
        "spokesperson": ("executive director", "communications lead"),
        "exposed_client_contact": ("lead advocate", "clinical supervisor"),
        "legal_hold": ("executive director", "operations manager"),
        "contact_backup": ("deputy director", "human resources lead"),
    }
)
"""Roles that fit a question of kind contact, by question id; other questions have `ROLES`."""

DAYS_AHEAD: Mapping[str, tuple[int, int]] = MappingProxyType({"first_step_by": (3, 21)})
USUAL_DAYS_AHEAD = (150, 350)
"""How many days after the workshop a date is, by question id: at least, at most."""

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

SAMPLES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "who_do_you_serve": (
            "{clients}", "Grandparents who are raising their grandchildren", "People who speak little English",
            "Young adults who have left foster care", "Callers who never give a name",
        ),
        "who_could_use_it": (
            "Outreach workers who answer messages on our public page", "Board members who share our posts",
            "Interns who run the photo account", "Volunteers who are in a group chat with families",
        ),
        "who_approves": ("Program committee", "Board of directors", "Parent agency", "Union steward"),
        "field_specific": (
            "Being seen at our door can tell people why someone is there",
            "In our part of the county people know each other's cars",
            "Some of us were clients here ourselves", "Court cases may be going on", "Our address must stay secret",
        ),
        "account_inventory": (
            "Instagram @{mail}, photos of events, communications lead",
            "Facebook page of {short}, news and hours, office manager and director",
            "YouTube channel, training videos, program director",
        ),
        "states": ("Ohio", "Indiana", "Wisconsin", "New Mexico"),
        "corporate_policy": (
            "None found; our office manager looked in January", "Staff handbook of the parent agency, chapter 7",
        ),
        "hiv_law": ("The state's HIV testing act",),
        "rules_that_differ": (
            "Volunteers ask the volunteer coordinator before they post.",
            "Board members speak about our budget in public, and staff send such questions to the director.",
        ),
        "page_hours": ("Weekdays from 8:30 to 4:30", "Tuesday to Saturday, ten to six"),
        "own_protocol": (
            "A small group writes, everyone comments for two weeks, the director signs",
            "Our parent agency sends a template, and we fill it in together",
        ),
        "harm_seen": (
            "A judge could ask to see the post", "The child could be teased at school",
            "The worker could lose the job or a license", "The court could stop sending families to us",
        ),
        "first_step": (
            "Send this draft to our director before Monday noon.", "Ask for ten minutes in the next staff meeting.",
            "Find out what our main funder has written about this.", "Show the open points to our lawyer.",
            "Call {short} volunteers together for half an hour.",
            "Write down which accounts {short} has, and who has the passwords.",
            "Change the passwords of our pages on Monday.", "Read this draft aloud at our next board meeting.",
        ),
        "first_step_trigger": (
            "If the staff meeting opens on Tuesday, then I hand out the first page",
            "If I unlock the office tomorrow, then I call our lawyer before I read email",
        ),
        "easiest": (
            "Saying whom we protect.", "Naming the person to ask: at {short} that is clear.",
            "Choosing which media count.", "We all agree that no client is named.",
        ),
        "most_difficult": (
            "What to do about friends of friends.", "Consequences that are fair to volunteers too.",
            "Whether job titles are all right.", "Messages that come at night.",
            "Nobody at {short} knows who has the password.", "Old ties from before someone worked here.",
            "Photos from events where anyone may walk in.", "What former clients may post about us.",
        ),
    }
)  # fmt: skip
"""Sample answers by question id, beside the question's own `example:`.

In braces: the organization's short name, whom it serves (`clients`), the first part of its mail domain (`mail`).
"""

OWN_OPTIONS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "media_types": ("Neighborhood email lists", "Radio call-in shows that are also online"),
        "staff_included": ("Drivers and kitchen staff",),
        "funders_say": ("Our city liaison wants to hear of a post a week before",),
        "consequence_steps": ("A talk with the person who was hurt, if that person wants one",),
        "client_requests": (
            "Do not accept the request. Tell the client why in person, at the next visit, in a friendly way.",
        ),
        "direct_messages": ("Answer with one set sentence that gives our phone number and our hours.",),
    }
)  # fmt: skip
"""Options that people write themselves, by question id: worded as the clause that they become."""

NO_EXAMPLE = ("(made-up answer)", "(another made-up answer)")
"""What stands where a worksheet's question has neither options nor an `example:`."""
