"""The `workshop` command. Whatever goes wrong is one plain sentence, never a traceback."""

from __future__ import annotations

import argparse
import io
import sys
import traceback
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, NoReturn

from toolkit import __version__
from toolkit.errors import WorkshopError
from toolkit.system import terminal
from toolkit.system.project_files import START
from toolkit.worksheets import catalog
from toolkit.worksheets.model import Worksheet
from toolkit.workshop import exports, lifecycle
from toolkit.workshop.erasure import is_unfinished
from toolkit.workshop.facade import Workshop
from toolkit.workshop.folder import partly_erased_error

MOST_ORGANIZATIONS = 100
PACKAGE_FOLDER = Path(__file__).resolve().parent


ONLY_WORDS = ("check", "worksheets")
"""The commands that write nothing but words."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 0 when it is done, 1 after one plain sentence on stderr."""
    try:
        closed = terminal.open_streams()
        terminal.hear_interrupts()
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, io.TextIOWrapper):
                stream.reconfigure(errors="backslashreplace")  # a terminal without an emoji must not stop a command
        return _run(arguments, closed)
    except BrokenPipeError:  # whoever read our words has read enough, as in `check demo | head -1`
        terminal.drop_output()
        return 1
    except KeyboardInterrupt:
        terminal.ignore_interrupts("SIGINT")
        return _say_fault("Stopped. Everything saved so far is kept.")


def _run(arguments: Sequence[str] | None, closed: Collection[str]) -> int:
    try:
        options = _parser().parse_args(arguments)
        if "stdout" in closed and options.command in ONLY_WORDS:
            raise WorkshopError(
                "There is no window or file for the output", mend="Send it into a file, then try again."
            )
        COMMANDS[options.command](options)
    except OutputError as fault:
        terminal.drop_output()  # else Python would try once more, and show a traceback
        return _say_fault(str(fault))
    except WorkshopError as fault:
        return _say_fault(str(fault))
    except BrokenPipeError:
        raise
    except OSError as fault:
        return _say_fault(f"{fault.filename or 'The computer'}: {fault.strerror or 'it did not work'}.")
    except Exception as fault:  # the last resort: where it happened, and no word of what people wrote
        return _say_fault(_unexpected(fault))
    return 0


class OutputError(WorkshopError):
    """What a command says could not be written."""


def _tell(words: str, end: str = "\n", to: Any = None) -> None:
    """Write words to the output; OutputError when they cannot be, as on a full disk."""
    try:
        print(words, end=end, file=to, flush=True)
    except BrokenPipeError:
        raise
    except OSError as fault:
        mend = "Make room on the disk, or send it to another place, then run the command again."
        raise OutputError(f"The output could not be written ({fault.strerror})", mend=mend) from None


def _unexpected(fault: Exception) -> str:
    """Return one sentence with the place in our code; the fault's own words may hold an answer, so they stay out."""
    places = traceback.extract_tb(fault.__traceback__)
    ours = [frame for frame in places if Path(frame.filename).is_relative_to(PACKAGE_FOLDER)] or list(places)
    where = f"{Path(ours[-1].filename).name}, line {ours[-1].lineno}"
    return (
        f"Something went wrong that this program did not expect ({type(fault).__name__} in {where}). "
        "Everything saved so far is saved. Try again. If it happens again, tell us this line."
    )


def _say_fault(sentence: str) -> int:
    with suppress(OSError):
        print(sentence, file=sys.stderr)
    return 1


class _Parser(argparse.ArgumentParser):
    def print_help(self, file: Any = None) -> None:
        """Write the help; unlike its parent, say so when it cannot be written."""
        _tell(self.format_help(), end="", to=file)

    def error(self, message: str) -> NoReturn:
        """Say what is wrong with the command in one sentence, as with every other fault."""
        raise WorkshopError(message, where=self.prog, mend=f"See: {self.prog} --help")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="workshop", description="A workshop whose groups leave with a draft policy.")
    parser.add_argument("--version", action="version", version=f"workshop {__version__}")
    verbs = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, (words, options) in VERBS.items():
        verb = verbs.add_parser(name, help=words, description=words)
        for flags, settings in options:
            verb.add_argument(*flags, **settings)
    return parser


def _start(options: argparse.Namespace) -> None:
    with terminal.ending_at_once():
        from toolkit import launcher  # noqa: PLC0415 - the servers are loaded only when they are started

    launcher.start(options)


def _rehearse(options: argparse.Namespace) -> None:
    (_throw_away if options.throw_away else _fill)(options)


def _throw_away(options: argparse.Namespace) -> None:
    with _existing(options.folder) as workshop:
        if not (options.yes or _is_sure("throw away")):
            raise WorkshopError("nothing was thrown away", where=options.folder, mend="Add --yes when you are sure.")
        with terminal.without_interrupts(*terminal.ENDING):
            workshop.rehearsals.throw_away()
            _tell(f"The rehearsal in {options.folder} is gone.")


def _fill(options: argparse.Namespace) -> None:
    if not 1 <= options.organizations <= MOST_ORGANIZATIONS:
        raise WorkshopError(f"--organizations takes 1 to {MOST_ORGANIZATIONS}")
    if options.people < 1:
        raise WorkshopError("--people takes 1 or more")
    is_there = Workshop.is_in(options.folder)
    with Workshop.open(options.folder, None if is_there else options.worksheet) as workshop:
        workshop.rehearsals.check_can_rehearse()
        workshop.settings.change(worksheet=options.worksheet if is_there else None, minutes=options.minutes)
        workshop.rehearsals.rehearse(options.organizations, options.people, options.seed, _progress)
        count = len(workshop.organizations)
    _tell(f"{count} made-up organizations are in {options.folder}. To see them: {START} start {options.folder}")


def _tables(options: argparse.Namespace) -> None:
    with _existing(options.folder) as workshop:
        files = workshop.papers.write_tables(Path(options.out), [name.strip() for name in options.format.split(",")])
    _tell(f"{len(files)} files in {options.out}: {', '.join(path.name for path in files)}")


def _draft(options: argparse.Namespace) -> None:
    with _existing(options.folder) as workshop:
        files = workshop.export(options.out, options.organization, options.brand, _progress)
    count = "1 draft" if len(files) == 1 else f"{len(files)} drafts"
    _tell(f"{count} in {options.out}, each with its short papers in {options.out}/papers.")


def _check(options: argparse.Namespace) -> None:
    with _existing(options.folder) as workshop:
        requirements = (
            [options.organization]
            if options.organization
            else [organization.name for organization in workshop.organizations]
        )
        for name in requirements:
            _tell("\n".join(_findings(workshop, name)))
        for fact in workshop.papers.old_facts():
            _tell(f"Look at this again, it was last checked on {fact.checked}: {fact.fact} ({fact.source})")


def _findings(workshop: Workshop, name: str) -> list[str]:
    gaps, cautions = workshop.papers.gaps(name), workshop.papers.cautions(name)
    grades = ", ".join(f"{title} {grade:.0f}" for title, grade in workshop.papers.grades(name))
    lines = [f"  gap      {gap.rule}: {gap.says} {gap.mend} ({', '.join(gap.sources)})" for gap in gaps]
    lines += [f"  caution  {c.rule}: “{c.found}” {c.why} ({', '.join(c.sources)}, {c.checked})" for c in cautions]
    return [f"{name}: {len(gaps)} gaps, {len(cautions)} cautions", *lines, f"  reading grades: {grades}"]


def _report(options: argparse.Namespace) -> None:
    with _existing(options.folder) as workshop:
        path = workshop.papers.write_report(options.out)
    _tell(f"The room's report-back is in {path}.")


def _worksheets(options: argparse.Namespace) -> None:
    if options.path:
        _tell(_readable(catalog.worksheet(options.path)))
        return
    sound, faults = catalog.catalog()
    for worksheet in sound.values():
        _tell(_readable(worksheet))
    for fault in faults:
        _tell(f"Cannot be used yet: {fault}")


def _readable(worksheet: Worksheet) -> str:
    count = sum(1 for question in worksheet.asked() if question.depth == "core")
    return f"{worksheet.id}: {worksheet.title}. {len(worksheet.stages)} stages, {count} core questions. Readable."


def _paper(options: argparse.Namespace) -> None:
    path = exports.write_paper(catalog.worksheet(options.worksheet), options.minutes, Path(options.out))
    _tell(f"The worksheet on paper is in {path}. Print one for each table, and some spare ones.")


def _erase(options: argparse.Namespace) -> None:
    if leftovers := lifecycle.left_of_erased(options.folder):
        _tell(f"There are no answers in {options.folder} any more, but these files of a workshop are there:")
        _tell("\n".join(f"- {leftover}" for leftover in leftovers))
        _erase_if_sure(options, lambda: lifecycle.finish_erasing(options.folder).words())
        return
    with _existing(options.folder) as workshop:
        contents = workshop.lifecycle.contents()
        people = f"{contents.organizations} organizations, {contents.people} people"
        _tell(f"“{contents.title}”: {people}, {contents.answers} answers.")
        _erase_if_sure(options, lambda: workshop.lifecycle.erase().words())


def _erase_if_sure(options: argparse.Namespace, erase: Callable[[], str]) -> None:
    """Erase once the person is sure, and say the receipt: from then on Ctrl+C stops nothing."""
    if not (options.yes or _is_sure("erase")):
        raise WorkshopError("nothing was erased", where=options.folder, mend="Add --yes when you are sure.")
    with terminal.without_interrupts(*terminal.ENDING):
        _tell(erase(), end="")


def _copy(options: argparse.Namespace) -> None:
    with _existing(options.folder) as workshop:
        path = workshop.lifecycle.keep_copy(options.out)
    _tell(f"A copy of all answers is in {path}. To look into it: {START} start {path}")


def _is_sure(word: str) -> bool:
    """Ask the person at the terminal; nobody there is a no, and so is the end of the input (Ctrl+D)."""
    if not sys.stdin.isatty():
        return False
    _tell("This cannot be taken back. Write the drafts and tables that you still need somewhere else first.")
    try:
        return input(f"Type {word} to go on: ").strip().lower() == word
    except EOFError:
        _tell("")  # what is said next does not stand in the line of the question
        return False


def _existing(folder: str) -> Workshop:
    """Return the workshop in `folder`; unlike `start`, the other commands make none."""
    if is_unfinished(Path(folder).expanduser()):
        raise partly_erased_error(folder)
    if not Workshop.is_in(folder):
        mend = f"Make one with: {START} start {folder or 'my-workshop'}"
        raise WorkshopError("there is no workshop", where=folder, mend=mend)
    return Workshop.open(folder)


def _progress(count: int, of: int, name: str) -> None:
    """Draw a bar on the terminal; nothing when the output goes into a file."""
    if sys.stderr.isatty():
        bar = "#" * (30 * count // max(of, 1))
        print(f"\r[{bar:<30}] {count} of {of}  {name:<50.50}", end="\n" if count == of else "", file=sys.stderr)


Option = tuple[tuple[str, ...], dict[str, Any]]
FOLDER: Option = (("folder",), {"metavar": "FOLDER", "help": "the workshop's folder"})


def _out(words: str) -> Option:
    return ("--out",), {"metavar": "PLACE", "required": True, "help": words}


ORGANIZATION: Option = (("--organization",), {"metavar": "NAME", "help": "only this organization, not all of them"})
WORKSHEET: Option = (
    ("--worksheet",),
    {"metavar": "NAME", "help": "the worksheet to use: a name or a folder (the command worksheets lists them)"},
)

YES_OPTION: Option = (
    ("--yes",),
    {"action": "store_true", "help": "erase without asking first, for example in a script"},
)

VERBS: Mapping[str, tuple[str, tuple[Option, ...]]] = {
    "start": (
        "open or make a workshop: the notebooks on this computer, the join page for the room",
        (
            (
                ("folder",),
                {"nargs": "?", "default": "my-workshop", "metavar": "FOLDER", "help": "the workshop's folder"},
            ),
            WORKSHEET,
            (("--title",), {"help": "what the workshop is called"}),
            (
                ("--port",),
                {
                    "type": int,
                    "help": "the join page's port (the one of last time, or 8000; the next free one is taken)",
                },
            ),
            (
                ("--address",),
                {
                    "action": "append",
                    "default": [],
                    "help": "an address or name of this computer for phones, such as workshop.lan (repeat for more)",
                },
            ),
            (
                ("--name",),
                {
                    "action": "append",
                    "default": [],
                    "help": "the name of a proxy before the join page, such as hub.example.org (repeat for more)",
                },
            ),
            (
                ("--prefix",),
                {
                    "default": "",
                    "metavar": "PATH",
                    "help": "the path below which a proxy has the join page, such as /services/workshop",
                },
            ),
            (("--no-browser",), {"action": "store_true", "help": "open no browser; the page's address is printed"}),
            (("--no-lab",), {"action": "store_true", "help": "no notebooks, only the join page"}),
        ),
    ),
    "rehearse": (
        "fill a workshop with made-up people, the same for the same seed",
        (
            FOLDER,
            (
                ("--organizations",),
                {
                    "type": int,
                    "default": 6,
                    "metavar": "N",
                    "help": "how many made-up organizations: 1 to 100 (6 without this)",
                },
            ),
            (
                ("--people",),
                {
                    "type": int,
                    "default": 30,
                    "metavar": "N",
                    "help": "how many made-up people in all (30 without this)",
                },
            ),
            (
                ("--seed",),
                {
                    "type": int,
                    "default": 1,
                    "metavar": "N",
                    "help": "another number makes other people (1 without this)",
                },
            ),
            (("--minutes",), {"type": int, "metavar": "N", "help": "60, 90 or 180: how deep the worksheet goes"}),
            WORKSHEET,
            (("--throw-away",), {"action": "store_true", "help": "erase a rehearsal and its folder"}),
            YES_OPTION,
        ),
    ),
    "tables": (
        "write the answers as tables",
        (
            FOLDER,
            _out("the folder for the tables"),
            (
                ("--format",),
                {
                    "default": "csv",
                    "metavar": "KINDS",
                    "help": "csv, xlsx or parquet, or several with commas (csv without this)",
                },
            ),
        ),
    ),
    "draft": (
        "write one Word draft for each organization",
        (
            FOLDER,
            _out("the folder for the drafts"),
            ORGANIZATION,
            (("--brand",), {"metavar": "FILE.docx", "help": "take styles, header and logo from this Word file"}),
        ),
    ),
    "check": ("list what a draft lacks and what to word more narrowly", (FOLDER, ORGANIZATION)),
    "report": ("write the room's report-back", (FOLDER, _out("the Word file to write"))),
    "paper": (
        "print a worksheet on paper",
        (
            (("worksheet",), {"metavar": "WORKSHEET", "help": "the worksheet to print: a name or a folder"}),
            _out("the Word file to write"),
            (
                ("--minutes",),
                {"type": int, "default": 60, "metavar": "N", "help": "60, 90 or 180: how deep it goes (60)"},
            ),
        ),
    ),
    "worksheets": (
        "list the worksheets, or check one",
        ((("path",), {"nargs": "?", "metavar": "PATH", "help": "a worksheet's folder or name"}),),
    ),
    "erase": (
        "erase a workshop and leave a receipt",
        (FOLDER, YES_OPTION),
    ),
    "copy": (
        "write a safe copy of all answers, also while the workshop runs",
        (FOLDER, (("--out",), {"metavar": "PLACE", "help": "the folder that the copy goes into, such as a stick"})),
    ),
}

COMMANDS: Mapping[str, Callable[[argparse.Namespace], None]] = {
    "start": _start,
    "rehearse": _rehearse,
    "tables": _tables,
    "draft": _draft,
    "check": _check,
    "report": _report,
    "paper": _paper,
    "worksheets": _worksheets,
    "erase": _erase,
    "copy": _copy,
}
