"""Finds gaps in an organization's answers, and wording to look at again. It says "may", never more."""

from __future__ import annotations

import datetime
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from toolkit.documents.document import Bar, Blank, Block, Clause, Document, Part, Parts, Reference, Table, Text
from toolkit.worksheets.kinds import UNSURE, Value
from toolkit.worksheets.model import (
    CautionRule,
    ClauseRule,
    Depth,
    Fact,
    GapRule,
    PolicySection,
    TableRule,
    Worksheet,
    at_depth,
    holds,
)

LONGEST_SENTENCE = 800
"""Characters that one search sees at a time: no text, however hostile, can keep a pattern busy."""

PASSAGE_OVERLAP = 200
"""Characters that two neighbouring searches share, so that nothing hides where a long sentence is cut."""

SHORT_FORMS = frozenset({"e.g", "i.e", "etc", "cf", "vs", "dr", "mr", "mrs", "ms", "jr", "inc", "dept", "u.s"})
"""Words that end in a full stop without ending a sentence."""

SENTENCE_END = re.compile(r"[.!?…]+[\"'”’)\]]{0,3}\s+")
NEW_LINE = re.compile(r"\n\s{0,20}(?![a-z\s])")
LIST_MARK = re.compile(r"^\s*(?:[-*•–·?]|\d{1,2}[.)]|[a-z][.)])\s+")
INITIALS = re.compile(r"(?!I$)[A-Z](?:\.[A-Z]){0,3}")
LAST_WORD = re.compile(r"[\w.]{1,12}$")

PASSAGE_EDGES = ' \t("“‘,;:/-'
"""What a pattern may take along before a name, because not every browser can look behind."""

CONTACT = "contact"
EXAMPLE = "example"
CLIENT_RULES = "c1_"
"""Rules whose id starts so look for client details; an answer that is a contact may hold a phone number."""


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that the organization has not settled: what is missing, what to do, and who asks for it."""

    rule: str
    says: str
    mend: str
    severity: str
    sources: tuple[str, ...]
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CheckedText:
    """Words to check, and where they stand: a question or clause id; `kind` a question kind or clause style."""

    place: str
    words: str
    kind: str = "plain"


@dataclass(frozen=True, slots=True)
class Caution:
    """A wording to look at again: the very words, where, why, since when known, and a narrower wording."""

    rule: str
    name: str
    place: str
    found: str
    why: str
    narrower: str
    sources: tuple[str, ...]
    checked: datetime.date
    severity: str

    def view(self) -> dict[str, str]:
        """Return it as the JSON that form.js reads."""
        return {"found": self.found, "why": self.why, "narrower": self.narrower}


def gaps(worksheet: Worksheet, values: Mapping[str, Value], depth: Depth, today: datetime.date) -> tuple[Gap, ...]:
    """Return what `values` (question id to value) leave unsettled at this depth, in the order of the rules."""
    room = _Answers(worksheet, values, depth, today)
    rules = (rule for rule in worksheet.checks.gaps if at_depth(depth, rule.depth) and room.applies(rule))
    return tuple(gap for rule in rules if (gap := room.gap(rule)))


@dataclass(frozen=True, slots=True)
class _Answers:
    """One organization's answers at one depth on one day."""

    worksheet: Worksheet
    values: Mapping[str, Value]
    depth: Depth
    today: datetime.date

    def applies(self, rule: GapRule) -> bool:
        return holds(rule.when, self.values) and not (rule.unless and holds(rule.unless, self.values))

    def gap(self, rule: GapRule) -> Gap | None:
        missing = tuple(dict.fromkeys(self.missing(rule)))
        if missing or self.lacks_clause(rule) or not (_waits_for(rule) or rule.clauses or rule.any_clause):
            return Gap(rule.id, rule.says, rule.mend, rule.severity, rule.sources, missing)
        return None

    def missing(self, rule: GapRule) -> Iterator[str]:
        yield from (
            question for question in self.asked(rule.questions) if not _is_answered(self.values.get(question), rule)
        )
        some = self.asked(rule.any_of)
        if not any(_is_answered(self.values.get(question), rule) for question in some):
            yield from some
        for question in self.asked((rule.within_days[0],) if rule.within_days else ()):
            if not _within(self.values.get(question), rule, self.today):
                yield question

    def asked(self, names: tuple[str, ...]) -> list[str]:
        questions = [question for name in names if (question := self.worksheet.questions.get(name))]
        return [each.id for each in questions if at_depth(self.depth, each.depth) and holds(each.show_if, self.values)]

    def lacks_clause(self, rule: GapRule) -> bool:
        drafted = {block.id for block in self.drafted()}
        return not set(rule.clauses) <= drafted or (bool(rule.any_clause) and not drafted.intersection(rule.any_clause))

    def drafted(self) -> Iterator[ClauseRule | TableRule]:
        for section in self.worksheet.policy.sections:
            if self.is_in(section):
                yield from (block for block in section.clauses if self.is_in(block))

    def is_in(self, part: PolicySection | ClauseRule | TableRule) -> bool:
        unless = () if isinstance(part, PolicySection) else part.unless
        is_included = not (unless and holds(unless, self.values))
        return is_included and at_depth(self.depth, part.depth) and holds(part.when, self.values)


def _waits_for(rule: GapRule) -> bool:
    """Return whether `rule` waits for answers; one that only has a `when` is a gap as soon as that holds."""
    return bool(rule.questions or rule.any_of or rule.within_days)


def _is_answered(value: Value, rule: GapRule) -> bool:
    """Return whether `value` answers its question: there, not "unsure", and holding the parts that `rule` names."""
    if value in (None, "", [], UNSURE) or value == [UNSURE]:
        return False
    if isinstance(value, Mapping):
        return all(value.get(part) for part in rule.parts)
    return not isinstance(value, (list, tuple)) or set(rule.parts).issubset(map(str, value))


def _within(value: Value, rule: GapRule, today: datetime.date) -> bool:
    days = datetime.timedelta(rule.within_days[1] if rule.within_days else 0)
    try:
        return today <= datetime.date.fromisoformat(str(value)) <= today + days
    except ValueError:
        return False


def cautions(
    worksheet: Worksheet, texts: Iterable[CheckedText], values: Mapping[str, Value], contacts: Collection[str] = ()
) -> tuple[Caution, ...]:
    """Return the wordings in `texts` to look at again, in the order of the texts; examples are let pass.

    `contacts` are the organization's own people, as its answers call them ("R. Castellano, 734-555-0117"): their names,
    numbers and addresses are no client's, wherever they stand.
    """
    own = _Contacts(contacts)
    own_texts = [text for text in texts if text.kind != EXAMPLE]
    rules = [rule for rule in worksheet.checks.cautions if _is_on(rule, values, own_texts)]
    places = {rule.id: _places(worksheet, rule) for rule in rules if rule.answers_to}
    by_caution: dict[Caution, None] = {}
    for checked in own_texts:
        here = [rule for rule in rules if checked.place in places.get(rule.id, (checked.place,))]
        by_caution.update(dict.fromkeys(_cautions_in(here, checked, own)))
    return tuple(_with_what_they_need(by_caution, rules))


def _with_what_they_need(cautions_: Collection[Caution], rules: Iterable[CautionRule]) -> Iterator[Caution]:
    """Yield the cautions without those of rules that count only beside another rule, which found nothing."""
    matched = {caution.rule for caution in cautions_}
    needs = {rule.id: rule.beside for rule in rules}
    for caution in cautions_:
        if not needs[caution.rule] or matched.intersection(needs[caution.rule]):
            yield caution


def _is_on(rule: CautionRule, values: Mapping[str, Value], texts: list[CheckedText]) -> bool:
    if not holds(rule.when, values) or (rule.when_not and holds(rule.when_not, values)):
        return False
    return not (rule.unless_anywhere and any(_has(rule, rule.unless_anywhere, checked.words) for checked in texts))


def _places(worksheet: Worksheet, rule: CautionRule) -> frozenset[str]:
    """Return the questions that a rule looks at, and the clauses and tables that show their answers."""
    questions = frozenset(rule.answers_to)
    blocks = (block for section in worksheet.policy.sections for block in section.clauses)
    return questions | {block.id for block in blocks if questions.intersection(block.questions_read())}


def _cautions_in(rules: Iterable[CautionRule], text: CheckedText, contacts: _Contacts) -> Iterator[Caution]:
    """Yield what each rule finds in a text, in the order of the rules; the text is split into sentences once."""
    parts = tuple(sentences(text.words))
    for rule in rules:
        of_clients = rule.id.startswith(CLIENT_RULES)
        if text.kind == CONTACT and of_clients:
            continue
        for match in (match for sentence in parts for match in _matches(rule, sentence)):
            if not (of_clients and contacts.hold(match)):
                yield _caution(rule, text.place, match)


def _matches(rule: CautionRule, sentence: str) -> list[str]:
    """Return the words that a rule finds in a sentence; what lets them pass is looked for only then."""
    matches = list(rule.finder.finditer(sentence))
    if not matches or (rule.unless and _has(rule, rule.unless, sentence)):
        return []
    if rule.pass_over:
        matches = list(rule.finder.finditer(_without_passed_over(rule, sentence)))
    return [sentence[match.start() : match.end()] for match in matches]


def _without_passed_over(rule: CautionRule, sentence: str) -> str:
    """Return a sentence of the same length, with full stops instead of what the rule passes over."""
    finder = _finder(rule.pass_over, 0 if rule.match_case else re.IGNORECASE)
    return finder.sub(lambda match: "." * len(match[0]), sentence)


PHONE = re.compile(r"\+?\(?\d[\d\s().-]{4,20}\d")
LOCAL_DIGITS = 7
"""Digits of a phone number without its area; so many at least must be the same."""


class _Contacts:
    """The organization's own people, as they were called in its answers."""

    def __init__(self, called: Collection[str]) -> None:
        self.called = tuple(" ".join(text.split()).casefold() for text in called)
        self.numbers = tuple(_digits(number) for text in called for number in PHONE.findall(text))

    def hold(self, text: str) -> bool:
        """Return whether what a rule found is one of them, or their number however it is written."""
        plain, number = text.strip(PASSAGE_EDGES + ").!?").casefold(), _digits(text)
        if plain and any(plain in contact or (", " in contact and contact in plain) for contact in self.called):
            return True
        is_number = bool(PHONE.fullmatch(text.strip(PASSAGE_EDGES + ").!?abcdefghijklmnopqrstuvwxyz")))
        return (
            is_number and len(number) >= LOCAL_DIGITS and any(_same_number(number, contact) for contact in self.numbers)
        )


def _digits(words: str) -> str:
    return "".join(word for word in words if word.isdecimal())


def _same_number(one: str, other: str) -> bool:
    """Return whether two numbers are one, whether or not the country and the area are dialed."""
    return len(other) >= LOCAL_DIGITS and (one.endswith(other) or other.endswith(one))


def _caution(rule: CautionRule, number: str, passage: str) -> Caution:
    facts = (rule.id, rule.name, number, passage.strip(PASSAGE_EDGES), rule.why, rule.narrower)
    return Caution(*facts, rule.sources, rule.checked, rule.severity)


def _has(rule: CautionRule, pattern: str, text: str) -> bool:
    finder = _finder(pattern, 0 if rule.match_case else re.IGNORECASE)
    return any(finder.search(piece) for piece in _pieces(" ".join(text.split())))


@lru_cache(maxsize=512)
def _finder(pattern: str, flags: int) -> re.Pattern[str]:
    return re.compile(pattern, flags)


def sentences(text: str) -> Iterator[str]:
    """Yield the sentences and list items of `text`; "i.e." and its like end none, an endless one comes in pieces."""
    for line in NEW_LINE.split(text):
        for sentence in _split(" ".join(LIST_MARK.sub("", line).split())):
            yield from _pieces(sentence)


def _split(line: str) -> Iterator[str]:
    start = 0
    for stop in SENTENCE_END.finditer(line):
        if _ends_here(line, stop):
            yield line[start : stop.end()].strip()
            start = stop.end()
    if line[start:].strip():
        yield line[start:].strip()


def _ends_here(line: str, stop: re.Match[str]) -> bool:
    """Return whether a sentence ends at `stop`: not after a short form or initials, not before a small letter."""
    before, after = LAST_WORD.search(line[max(0, stop.start() - 12) : stop.start()]), line[stop.end() : stop.end() + 1]
    last = before[0] if before else ""
    if after.islower() or stop[0].strip() != ".":
        return not after.islower()
    return not (last.lower() in SHORT_FORMS or INITIALS.fullmatch(last) or (last.lower() == "no" and after.isdigit()))


def _pieces(sentence: str) -> Iterator[str]:
    last = max(1, len(sentence) - PASSAGE_OVERLAP)
    return (sentence[at : at + LONGEST_SENTENCE] for at in range(0, last, LONGEST_SENTENCE - PASSAGE_OVERLAP))


def document_texts(document: Document) -> Iterator[CheckedText]:
    """Yield the words of every clause, bullet and table cell of `document`, each with its block's id and style."""
    for section in document.sections:
        for block in section.blocks:
            kind = block.style if isinstance(block, Clause) else "table"
            yield from (CheckedText(block.id, text, kind) for parts in _of(block) if (text := _plain(parts)))


def _of(block: Block) -> Iterator[Parts]:
    match block:
        case Clause():
            yield from (block.parts, *block.bullets)
        case Table():
            yield from (cell for row in block.rows for cell in row)


def _plain(parts: Parts) -> str:
    return "".join(map(_part, parts)).strip()


def _part(part: Part) -> str:
    match part:
        case Text(words=said):
            return said
        case Blank():
            return "____"
        case Reference():
            return "that section"
        case Bar():
            return ""


def old_facts(worksheet: Worksheet, today: datetime.date) -> tuple[Fact, ...]:
    """Return the facts that nobody has looked at for longer than they keep."""
    return tuple(fact for fact in worksheet.checks.facts if today > _good_until(fact))


def _good_until(fact: Fact) -> datetime.date:
    return fact.checked + datetime.timedelta(days=fact.good_for_days)
