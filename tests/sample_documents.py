"""Drafts to test with: one with everything, a short one, an empty one; every word is made up."""

# ruff: noqa: E501
from __future__ import annotations

from toolkit.documents.document import Blank, Clause, Comment, Document, Reference, Section, Table, Text


def said(words: str) -> tuple[Text]:
    return (Text(words),)


RICH = Document(
    title="Confidentiality and social media policy",
    organization="Harbor Lane Youth Health",
    subtitle="What we keep private, and how we show up online",
    status="DRAFT",
    version="0.1",
    day="2026-11-21",
    notice="A starting point for discussion. It is not legal advice; ask counsel before you adopt it.",
    control=(
        ("Status", said("Draft from a workshop, not adopted")),
        ("Approved by", (Blank("approved_by", "who approves this policy"),)),
        ("Reviewed by counsel", (Blank("counsel_day", "day, or not yet"),)),
        ("Next review", said("21 November 2027, or sooner when the law, our services or our funders change")),
    ),
    sections=(
        Section(
            "purpose",
            "Why we have this policy",
            (
                Clause("why", said("People tell us private things. They can only do that when they can rely on us to keep them private.")),
                Clause(
                    "benefit",
                    (
                        Text("What we gain. ", strong=True),
                        Text("Social media helps us reach young people where they already are: "),
                        Text("they ask us questions at night that they would never ask at the front desk", said=True),
                        Text(". It also carries risk, and section "),
                        Reference("incidents"),
                        Text(" says what we do when something goes wrong."),
                    ),
                    comments=(Comment("Does this still fit what you offer? Change it freely."),),
                ),
                Clause("intro_note", said("This policy limits what we say about clients. It does not limit anyone in talking about pay, hours, staffing, safety or how the organization is run."), numbered=False, style="note"),
            ),
        ),
        Section(
            "words",
            "What the words mean",
            (
                Clause("client_information", (Text("Client information ", strong=True), Text("is anything that tells who a client is, or that a person is a client at all. A name is not needed: a story, a place and a day can be enough."))),
                Clause("social_media", (Text("Social media ", strong=True), Text("is any place online where people share words, pictures or sound with others, open or closed."))),
                Table(
                    "scope",
                    "Who this policy is for",
                    "Three columns: a group of people, whether the policy applies to them, and what they do first.",
                    ("People", "Applies", "First step"),
                    (
                        (said("Staff, paid by the hour or by the year"), said("Yes"), said("Read it and sign in the first week")),
                        (said("Volunteers and interns"), said("Yes"), said("Read it with the supervisor")),
                        (said("Board members"), said("Yes"), (Blank("board_step", "what board members do first"),)),
                        (said("Contractors who see client information"), said("Yes, by contract"), said("Sign the annex to the contract")),
                    ),
                    widths=(40, 22, 38),
                    comments=(Comment("Are peer educators staff or volunteers here?", kind="decision"),),
                ),
            ),
        ),
        Section(
            "rules",
            "What we do and do not do online",
            (
                Clause("accounts", said("Only people named by the director post from our accounts."), readiness="proposed", answers=("who_posts",)),
                Clause(
                    "no_clients",
                    said("We do not post about clients:"),
                    bullets=(said("no names, pictures, voices or places"), said("no stories, even with details changed"), said("no \"friend\" requests to clients from personal accounts; see the scripts")),
                ),
                Clause(
                    "consent",
                    (Text("We keep a signed release for "), Blank("release_years", "how long releases are kept"), Text(" and delete pictures on request, as clause "), Reference("no_clients"), Text(" asks.")),
                    readiness="open",
                    comments=(
                        Comment("Two people wanted three years, one wanted until the client says no.", author="Voice 3", initials="V3", kind="dissent"),
                        Comment("A fixed number of years may be set by a funder. Ask before you fill this in.", kind="caution"),
                    ),
                ),
                Clause("friend_example", (Text("Example. ", strong=True), Text("A client finds a worker's private page and sends a request. The worker does not accept, and at the next visit says why: \"I keep my page for family. You can always reach me at work.\"")), numbered=False, style="example"),
                Clause("messages", said("When a client writes to us in public, we answer in general words and invite them to call. We do not confirm that we know them."), readiness="tied"),
                Table(
                    "do_dont",
                    "Do and do not",
                    "Two columns: what to do, and what not to do.",
                    ("Do", "Do not"),
                    (
                        (said("Share an event that is open to everybody"), said("Tag people who came to it")),
                        (said("Answer a question in general"), said("Answer with what you know about the person who asks")),
                        (said("Use the work phone for pictures, with a release"), said("Keep pictures of clients on your own phone")),
                    ),
                ),
                Clause("after_table", said("In doubt, ask the contact person before you post.")),
            ),
        ),
        Section(
            "incidents",
            "When something goes wrong",
            (
                Clause(
                    "steps",
                    said("Whoever notices it first does this, in this order:"),
                    steps=True,
                    bullets=(said("Take the post down, or hide it."), said("Save a picture of it for the file."), said("Tell the contact person the same day."), said("Wait with any public answer until you have talked.")),
                ),
                Clause("contact", (Text("The contact person is "), Blank("contact", "name, role and how to reach them"), Text("."))),
                Clause(
                    "after",
                    said("Within a week, the director and the contact person:"),
                    steps=True,
                    bullets=(said("talk with the client who was harmed"), said("decide what changes"), said("write it down in two lines")),
                ),
                Clause("consequences", said("What follows depends on what happened: how much was shown, whether it was meant, whether it was the first time, and whether the person told us at once. The director decides, after hearing the person.")),
            ),
        ),
        Section(
            "review",
            "How we keep this policy alive",
            tuple(Clause(f"review_{n}", said("We look at this policy once a year, and sooner when a new service starts, when a law changes or when something went wrong. The people who use it say first what did not work for them. " * (1 + n % 2))) for n in range(1, 7)),
        ),
        Section(
            "open_points",
            "Open points",
            (
                Table(
                    "open_table",
                    "What is still open",
                    "Four columns: what is open, who asks, by when, and the clause it belongs to.",
                    ("What", "Who", "By when", "Clause"),
                    tuple((said(what), (Blank(f"owner_{n}", "who"),), (Blank(f"when_{n}", "day"),), (Reference("consent"),)) for n, what in enumerate(("How long releases are kept", "Who may post at night", "What the funder asks of us"))),
                    widths=(46, 18, 18, 18),
                ),
            ),
            annex=True,
        ),
        Section(
            "acknowledgment",
            "Acknowledgment",
            (
                Clause("sign", said("I have read this policy and could ask about it. Nothing in it keeps me from reporting something that may be wrong.")),
                Clause("sign_line", (Blank("signature", "name, day and signature"),), numbered=False),
            ),
            annex=True,
        ),
    ),
)  # fmt: skip

SHORT = Document(
    title="Five things to remember",
    organization="Harbor Lane Youth Health",
    subtitle="For everybody who works with us",
    day="2026-11-21",
    contents=False,
    sections=(
        Section(
            "five",
            "If you remember five things",
            (
                Clause("five_list", said("Before you post, think of these:"), numbered=False, steps=True, bullets=tuple(said(words) for words in ("Clients are never the story.", "Being a client is private too.", "Use the work phone.", "Ask before you post.", "Tell us at once when something went wrong."))),
                Clause("five_call", (Text("Questions? Ask "), Blank("contact", "the contact person"), Text(".")), numbered=False, style="note"),
            ),
        ),
        Section("more", "Where to read more", (Clause("more_text", (Text("See "), Reference("five"), Text(" above, and the full policy.")), numbered=False),)),
    ),
)  # fmt: skip

EMPTY = Document(title="Policy", organization="", sections=())
