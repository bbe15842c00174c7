"""The checks: what they flag in the two documents, what they let pass, and that no text keeps them busy."""

import datetime
import re
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from toolkit.documents.document import Blank, Clause, Document, Section, Text
from toolkit.drafts.checks import CheckedText, cautions, document_texts, gaps, old_facts, sentences
from toolkit.drafts.readability import grade
from toolkit.worksheets import loader
from toolkit.worksheets.model import DEPTHS, ClauseRule, Worksheet

HERE = Path(__file__).parents[1]
WORKSHEETS = HERE.parent / "worksheets"
TODAY = datetime.date(2026, 11, 21)
PRIVATE = {"employer": "private"}
EXAMPLES = YAML(typ="safe").load((HERE / "client_identifiers.yaml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module", params=["sextech-2010", "supervised-visitation"])
def worksheet(request: pytest.FixtureRequest) -> Worksheet:
    if not (WORKSHEETS / request.param / "worksheet.yaml").is_file():
        pytest.skip("not written yet")
    return loader.read_worksheet(WORKSHEETS / request.param)


def flagged(worksheet: Worksheet, words: str, values: dict | None = None, kind: str = "long_text") -> set[str]:
    return {caution.rule for caution in cautions(worksheet, [CheckedText("here", words, kind)], values or {})}


DOCUMENTS = [
    ("Media including MySpace and blogs should not be used for personal use during work time.", "n7_work_time"),
    ("Employees can be disciplined for content that is defamatory, proprietary or harassing.", "n3_undefined"),
    (
        "Never disclose any confidential or proprietary information concerning the agency or its\nclients.",
        "n3_undefined",
    ),
    ("Act professionally towards yourself, your coworkers and your agency.", "n4_tone"),
    (
        "Do not post anything that\nwill embarrass, insult, demean or damage the reputation of the agency.",
        "n2_reputation",
    ),
    ("Staff should be advised to refrain from discussing their workwith people on social media sites.", "n1_discuss"),
    ("Staff should be encouraged not to “vent” about work on social media sites.", "n1_discuss"),
    ("Behave professionally and ethically (i.e. not making racial slurs, offensive language etc).", "n4_tone"),
    ("Refrain from interacting with clients and/or anyone related to clients on social media.", "c6_total_ban"),
    ("It is like writing your personal information on a billboard on I-75.", "g5_leftover"),
]


@pytest.mark.parametrize(("words", "rule"), DOCUMENTS)
def test_the_wide_sentences_of_the_two_documents_are_flagged(worksheet, words, rule):
    assert rule in flagged(worksheet, words, PRIVATE)


def test_the_guides_rule_on_client_confidentiality_is_not_flagged(worksheet):
    words = (
        "Staff/volunteers should be reminded of their commitment to confidentiality and instructed that they are "
        "prohibited from disclosing clients' names, personal information and/or discussing client situations."
    )
    assert flagged(worksheet, words, {**PRIVATE, "about_us": ["federal", "health"]}) == set()


CAUGHT = [
    ("Never share opinions about management online.", "n1_discuss"),
    ("No complaining about pay or schedules in public.", "n1_discuss"),
    ("Do not gossip about co-workers.", "n1_discuss"),
    ("Staff must avoid negative comments about the agency.", "n2_reputation"),
    ("Posts that damage our reputation are prohibited.", "n2_reputation"),
    ("Do not bad-mouth the organization.", "n2_reputation"),
    ("Do not share confidential information.", "n3_undefined"),
    ("Internal matters stay inside.", "n3_undefined"),
    ("Always stay positive.", "n4_tone"),
    ("Inappropriate communications are not allowed.", "n4_tone"),
    ("No social media during office hours.", "n7_work_time"),
    ("I agree to keep all confidential information secret.", "n8_no_whistleblower"),
    ("Employees must provide their passwords on request.", "n9_private_account"),
    ("New staff have to add their supervisor as a friend.", "n9_private_account"),
    ("Stories are fine as long as you leave out the name.", "c2_no_names_is_fine"),
    ("Blurred faces are okay.", "c2_no_names_is_fine"),
    ("Initials are fine in the chat.", "c2_no_names_is_fine"),
    ("Call 1-800-273-TALK.", "c5_old_crisis_number"),
    ("No contact with relatives of clients.", "c6_total_ban"),
    ("Clients may not post about our program.", "c8_client_gag"),
    ("Volunteers may post pictures of events.", "c9_photos_no_place_rule"),
    ("Staff may use ChatGPT for case notes.", "c10_ai_open"),
    ("We will take appropriate action.", "g3_vague_consequence"),
    ("A breach means immediate termination.", "g3_vague_consequence"),
    ("We are on Google+ and Twitter.", "g5_stale_platform"),
    ("Contact: TBD.", "g5_leftover"),
]


@pytest.mark.parametrize(("words", "rule"), CAUGHT)
def test_wide_wordings_are_flagged(worksheet, words, rule):
    assert rule in flagged(worksheet, words, PRIVATE)


PASSES = [
    "You may talk about pay, hours and staffing, at work and online.",
    "This policy does not stop employees from discussing wages or working conditions.",
    "Nobody is punished for talking about pay.",
    "Do not discuss a client's case while you are at work.",
    "Never post anything that names a client.",
    "Do not post statements about the agency that you know are false and that harm it: maliciously false claims.",
    "Do not use personal accounts in working time; breaks are yours.",
    "We will never ask you to provide a password.",
    "Staff must share the password of official accounts with the director.",
    "Talk with a friend or your supervisor about a hard day.",
    "Leaving out the name is not enough.",
    "A person who is HIV positive may volunteer.",
    "Call or text 988.",
    "Do not put case notes into AI tools.",
    "X (formerly Twitter) is covered.",
    "Clients may not post photos of other families.",
]


@pytest.mark.parametrize("words", PASSES)
def test_narrow_wordings_pass(worksheet, words):
    assert flagged(worksheet, words, PRIVATE) == set()


def test_a_ban_on_talk_weighs_less_where_the_labor_act_may_not_apply(worksheet):
    said = [CheckedText("here", "Do not discuss your work.", "text")]
    private = cautions(worksheet, said, PRIVATE)
    public = cautions(worksheet, said, {"employer": "public_agency"})
    assert [(c.rule, c.severity) for c in private] == [("n1_discuss", "error")]
    assert [(c.rule, c.severity) for c in public] == [("n1_discuss_public", "information")]


def test_confidentiality_without_a_report_line_weighs_more_with_federal_money(worksheet):
    words = "You agree to protect confidential information of clients."
    assert "n8_no_whistleblower_federal" in flagged(worksheet, words, {"about_us": ["federal"]})
    assert "n8_no_whistleblower" in flagged(worksheet, words)
    with_line = f"{words} You may always report fraud to the authorities."
    assert not {rule for rule in flagged(worksheet, with_line, {"about_us": ["federal"]}) if rule.startswith("n8")}


def test_a_saving_sentence_is_named_only_beside_a_broad_rule(worksheet):
    saving = CheckedText("b", "Nothing in this policy limits rights under Section 7.")
    broad = CheckedText("a", "Do not discuss your work.")
    assert cautions(worksheet, [saving], PRIVATE) == ()
    assert "n5_savings_only" in {c.rule for c in cautions(worksheet, [broad, saving], PRIVATE)}


def test_a_definition_anywhere_settles_what_confidential_means(worksheet):
    said = [
        CheckedText("a", "Do not share confidential information."),
        CheckedText("b", "Confidential information means our list."),
    ]
    assert "n3_undefined" not in {c.rule for c in cautions(worksheet, said, PRIVATE)}


def test_a_caution_names_the_very_words_the_place_the_reason_and_a_narrower_wording(worksheet):
    (found,) = cautions(worksheet, [CheckedText("field_specific", "Fine. Do not discuss your work. Fine.")], PRIVATE)
    assert (found.place, found.found) == ("field_specific", "not discuss your work")
    assert "may" in found.why
    assert found.narrower
    assert found.sources
    assert found.checked <= TODAY


def test_examples_of_protected_speech_are_let_pass(worksheet):
    assert flagged(worksheet, "Do not discuss your work.", PRIVATE, kind="example") == set()


def test_a_contact_may_hold_a_phone_number_and_an_address(worksheet):
    words = "Jo Park, 313-555-0142, jo.park@example.org"
    assert flagged(worksheet, words, kind="contact") == set()
    assert flagged(worksheet, words) == {"c1_phone", "c1_email"}


@pytest.mark.parametrize("words", EXAMPLES["catches"])
def test_client_details_are_caught(worksheet, words):
    assert [rule for rule in flagged(worksheet, words) if rule.startswith("c1_")]


@pytest.mark.parametrize("words", EXAMPLES["passes"])
def test_what_looks_like_client_details_and_is_none_passes(worksheet, words):
    assert [rule for rule in flagged(worksheet, words) if rule.startswith("c1_")] == []


def test_there_are_sixty_examples_each_way():
    assert min(len(set(EXAMPLES["catches"])), len(set(EXAMPLES["passes"]))) >= 60


def test_patterns_for_client_details_mean_the_same_in_a_browser(worksheet):
    not_in_browsers = re.compile(r"\(\?<[=!]|\(\?P|\(\?[aiLmsux-]|\\[AZ]|[*+?}]\+")
    patterns = [rule.pattern for rule in worksheet.checks.cautions if rule.id.startswith("c1_")]
    assert len(patterns) >= 12
    assert [pattern for pattern in patterns if not_in_browsers.search(pattern)] == []


HOSTILE = [
    "a",
    "A",
    "Aa ",
    "Maria, ",
    "not post ",
    "1-",
    "555-555-",
    "a.b@",
    "client ",
    "K.M. ",
    " ",
    "\n",
    "\n" + " " * 19,
]


@pytest.mark.slow
@pytest.mark.parametrize("unit", HOSTILE)
def test_a_hostile_text_is_read_to_its_end(worksheet, unit):
    text = (unit * 20_000)[:19_900] + "\nDo not discuss your work."
    assert "n1_discuss" in flagged(worksheet, text, PRIVATE)


@pytest.mark.slow
def test_words_in_an_endless_sentence_are_found_wherever_they_stand(worksheet):
    for at in range(0, 1700, 85):
        assert "n3_undefined" in flagged(worksheet, "la " * at + "proprietary" + " la" * 600)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Be kind, i.e. fair, e.g. to Dr. Who. Ask.", ["Be kind, i.e. fair, e.g. to Dr. Who.", "Ask."]),
        ("The answer is no. We wait.", ["The answer is no.", "We wait."]),
        ("See case no. 12 today. K.M. came.", ["See case no. 12 today.", "K.M. came."]),
        ("- one\n- Two goes\non here\n\nThree", ["one", "Two goes on here", "Three"]),
        ("Really?! “Yes.” Good", ["Really?!", "“Yes.”", "Good"]),
        ("", []),
    ],
)
def test_sentences(text, parts):
    assert [sentence for sentence in sentences(text) if sentence] == parts


def test_the_words_of_a_draft_come_with_their_clause_and_without_its_blanks():
    clause = Clause("rule", (Text("Ask "), Blank("who", "TBD")), bullets=((Text("Twitter"),),), style="note")
    document = Document("T", "O", (Section("s", "S", (clause,)),))
    assert list(document_texts(document)) == [
        CheckedText("rule", "Ask ____", "note"),
        CheckedText("rule", "Twitter", "note"),
    ]


def gap_ids(worksheet: Worksheet, values: dict, depth: str = "deep") -> set[str]:
    return {gap.rule for gap in gaps(worksheet, values, depth, TODAY)}


def test_every_gap_of_the_two_documents_has_its_rule(worksheet):
    numbers = {rule.id[:6] for rule in worksheet.checks.gaps if rule.id.startswith("gap_")}
    assert numbers == {f"gap_{number:02}" for number in range(1, 20)}
    of_seeds = [rule for rule in worksheet.checks.gaps if rule.id.startswith("gap_")]
    assert [rule.id for rule in of_seeds if not re.match(r"(Supervised|Sex::Tech)", rule.sources[0])] == []


def test_every_question_and_clause_that_a_rule_names_is_there(worksheet):
    shared = YAML(typ="safe").load((WORKSHEETS / "common" / "questions.yaml").read_text(encoding="utf-8"))
    questions = {each["id"] for listed in shared.values() for each in listed} | set(worksheet.questions)
    clauses = {block.id for section in worksheet.policy.sections for block in section.clauses}
    rules = worksheet.checks.gaps
    named = {each for rule in rules for each in (*rule.questions, *rule.any_of, *(rule.within_days or ())[:1])}
    conditions = [each for rule in rules for each in (*rule.when, *rule.unless)]
    conditions += [each for rule in worksheet.checks.cautions for each in (*rule.when, *rule.when_not)]
    assert named | {each.question for each in conditions} <= questions
    assert {each for rule in rules for each in rule.clauses} <= clauses
    assert {scenario.clause for scenario in worksheet.scenarios if scenario.clause} <= clauses


def test_every_option_that_a_rule_waits_for_is_offered(worksheet):
    rules = (*worksheet.checks.gaps, *worksheet.checks.cautions)
    conditions = [
        each for rule in rules for each in (*rule.when, *getattr(rule, "unless", ())) if not isinstance(each, str)
    ]
    asked = [each for each in conditions if each.question in worksheet.questions]
    assert asked
    assert [each for each in asked if not set(each.among) <= set(worksheet.questions[each.question].labels)] == []


def test_with_nothing_answered_the_must_haves_are_missing_at_every_depth(worksheet):
    for depth in DEPTHS:
        found = gap_ids(worksheet, {}, depth)
        assert {"gap_03_media", "gap_07_approver", "gap_16_consequences", "gap_17_contact", "gap_18_review"} <= found
        assert not {"gap_01_benefit_and_risk", "gap_11_client_details"} & found


def test_unsure_is_no_answer_and_a_name_without_a_number_no_contact(worksheet):
    assert "gap_06_funders" in gap_ids(worksheet, {"funders_say": ["unsure"]})
    assert "gap_06_funders" not in gap_ids(worksheet, {"funders_say": ["prior_approval"]})
    assert "gap_17_contact" in gap_ids(worksheet, {"contact_person": {"name": "Jo Park"}})
    assert "gap_17_contact" not in gap_ids(worksheet, {"contact_person": {"role": "Director", "reach": "ext. 4"}})


@pytest.mark.parametrize(
    ("day", "missing"), [("2026-11-20", True), ("2026-11-21", False), ("2027-11-21", False), ("2027-11-23", True)]
)
def test_the_next_review_is_not_past_and_within_a_year(worksheet, day, missing):
    assert ("gap_18_review" in gap_ids(worksheet, {"review_date": day})) is missing


def test_a_gap_names_its_questions_and_its_paragraph(worksheet):
    (gap,) = (gap for gap in gaps(worksheet, {"volunteers": "yes"}, "core", TODAY) if gap.rule == "gap_04_people")
    assert gap.missing == ("staff_included", "board_members", "clients")
    assert gap.sources == ("Sex::Tech 2010 handout, Policy Drafting",)


def test_a_clause_taken_out_of_the_policy_is_a_gap(worksheet):
    sections = tuple(section for section in worksheet.policy.sections if section.id != "confidentiality")
    without = worksheet.model_copy(update={"policy": worksheet.policy.model_copy(update={"sections": sections})})
    assert {"gap_11_client_details", "gap_13_where_to_take_it"} <= gap_ids(without, {})


def test_flags_decide_how_much_a_gap_weighs(worksheet):
    def weight(about: list[str]) -> dict[str, str]:
        found = gaps(worksheet, {"about_us": about}, "deep", TODAY)
        return {gap.rule: gap.severity for gap in found if gap.rule.startswith(("c3", "c9"))}

    if "confirm_exception" not in worksheet.questions:
        pytest.skip("this worksheet does not ask it yet")
    assert weight(["licensed"])["c3_confirm_or_deny"] == "warning"
    assert weight(["hiv", "location"])["c3_confirm_or_deny_protected"] == "error"
    assert weight(["hiv", "location"])["c9_photos_safe_place"] == "error"


def test_nothing_we_say_judges(worksheet):
    rules = [*worksheet.checks.gaps, *worksheet.checks.cautions]
    said = " ".join(" ".join((getattr(r, "says", ""), getattr(r, "mend", ""), getattr(r, "why", ""))) for r in rules)
    assert re.findall(r"\b(?:unlawful|illegal|compliant|violat\w+)\b", said, re.IGNORECASE) == []


def test_a_fact_is_old_the_day_after_its_days_are_over(worksheet):
    assert len(worksheet.checks.facts) >= 14
    assert old_facts(worksheet, TODAY) == ()
    assert "fact_work_rules" not in {fact.id for fact in old_facts(worksheet, TODAY + datetime.timedelta(90))}
    assert "fact_work_rules" in {fact.id for fact in old_facts(worksheet, TODAY + datetime.timedelta(91))}


def test_three_lengths_nine_scripts_and_the_four_stories(worksheet):
    assert [agenda.minutes for agenda in worksheet.agendas] == [60, 90, 180]
    assert len(worksheet.scripts) == 9
    assert {"thomas", "sharon", "julie", "jim", "low_staffing"} <= {scenario.id for scenario in worksheet.scenarios}
    for agenda in worksheet.agendas:
        opened = [step.stage for step in agenda.steps if step.stage]
        assert list(dict.fromkeys(opened)) == [stage.id for stage in worksheet.stages]
        assert all(step.say for step in agenda.steps)


def test_the_clauses_that_we_ship_carry_no_caution(worksheet):
    blocks = [block for section in worksheet.policy.sections for block in section.clauses]
    rules = [block for block in blocks if isinstance(block, ClauseRule)]
    said = [CheckedText(rule.id, words, rule.style) for rule in rules for words in (rule.text, *rule.bullets) if words]
    options = [option for question in worksheet.questions.values() for option in question.options]
    said += [CheckedText(option.id, option.clause) for option in options if option.clause]
    assert len(said) > 100
    assert [(each.rule, each.place, each.found) for each in cautions(worksheet, said, PRIVATE)] == []


def test_a_narrower_wording_is_plain_and_not_flagged_itself(worksheet):
    for rule in worksheet.checks.cautions:
        assert grade(rule.narrower) <= 8, rule.id
        assert rule.id not in flagged(worksheet, rule.narrower, PRIVATE)
