"""YAML read safely and literally: every value stays the text that was written, and every key knows its line.

Not `yaml.safe_load`: it turns `No` into False, 0.10 into a float and 2026-01-01 into a date, keeps the last of two
equal keys in silence, and expands aliases (a kilobyte can unfold to gigabytes).
"""

from dataclasses import dataclass, field

import yaml

from server.domain.refusals import RefusalCode, Refused
from server.domain.wording import Path, spoken_path

Tree = dict[str, "Tree"] | list["Tree"] | str | None
MAX_CHARACTERS = 256 * 1024
MAX_DEPTH = 20


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault of a document: where it stands, and a sentence."""

    line: int
    path: Path
    sentence: str

    def __str__(self) -> str:
        where = spoken_path(self.path)
        return f"Line {self.line}{', ' + where if where else ''}: {self.sentence}"


@dataclass(slots=True)
class Document:
    """A document as written: its tree, the line of every path, and the keys that stand twice."""

    tree: Tree = None
    lines: dict[Path, int] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def written(self, path: Path) -> Path:
        """A path without the zeros of lists that were written as a single thing."""
        found: Path = ()
        for step in path:
            if (*found, step) in self.lines or step != 0:
                found = (*found, step)
        return found

    def line(self, path: Path) -> int:
        """The line of a path, or of the nearest thing above it that was written."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


class UnreadableError(Exception):
    """What no tree can be made of; its text goes on after the document's name: `is not YAML: …`."""


def read_yaml(text: str, called: str = "mapping") -> Document:
    """The tree of a YAML document; a plain `null`, `~` or nothing is None, everything else a text, a list or a mapping.

    `called` is what sentences call it, and the input field it came in. Raises `Refused` (INVALID) for what is no YAML,
    longer than 256 KiB, nested deeper than 20, or uses anchors or tags.
    """
    try:
        return _read(text)
    except UnreadableError as error:
        raise Refused(RefusalCode.INVALID, f"The {called} {error}.", [called]) from error


def _read(text: str) -> Document:
    if len(text) > MAX_CHARACTERS:
        raise UnreadableError(f"is longer than {MAX_CHARACTERS // 1024} KiB")
    document = Document()
    try:
        parser = _Parser(text)
        if not isinstance(parser.next(), yaml.StreamEndEvent):
            document.tree = _node(parser, parser.next(), (), document)
            parser.next()  # the document's end
            if not isinstance(parser.next(), yaml.StreamEndEvent):
                raise UnreadableError("holds more than one document (“---”)")
    except (yaml.YAMLError, UnicodeEncodeError) as error:
        raise UnreadableError(f"is not YAML: {_problem(error)}") from error
    return document


class _Parser:
    """The parser's events, one by one; the expensive and the surprising ones are refused on sight."""

    def __init__(self, text: str) -> None:
        self._events = yaml.parse(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
        next(self._events, None)  # the stream's start

    def next(self) -> yaml.Event:
        event: yaml.Event = next(self._events)
        marked = isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None) or getattr(event, "tag", None)
        if marked:
            what = f"uses an anchor, an alias or a tag (&, *, !) on line {_line(event)}"
            raise UnreadableError(f"{what}. Write the value out; put a lone * in quotation marks")
        return event


def _node(parser: _Parser, event: yaml.Event, path: Path, document: Document) -> Tree:
    document.lines.setdefault(path, _line(event))
    if len(path) > MAX_DEPTH:
        raise UnreadableError(f"is nested deeper than {MAX_DEPTH} levels on line {_line(event)}")
    if isinstance(event, yaml.MappingStartEvent):
        return _mapping(parser, path, document)
    if isinstance(event, yaml.SequenceStartEvent):
        return _sequence(parser, path, document)
    if not isinstance(event, yaml.ScalarEvent):
        raise UnreadableError(f"has no value where one belongs on line {_line(event)}")
    plain = not event.style
    return None if plain and event.value in {"", "~", "null"} else str(event.value)


def _mapping(parser: _Parser, path: Path, document: Document) -> Tree:
    tree: dict[str, Tree] = {}
    while not isinstance(event := parser.next(), yaml.MappingEndEvent):
        if not isinstance(event, yaml.ScalarEvent):
            raise UnreadableError(f"has a list or a mapping as a key on line {_line(event)}")
        key = str(event.value)
        here = (*path, key)
        if key in tree:
            first = document.lines[here]
            sentence = f"This key stands already on line {first}."
            document.faults.append(Fault(_line(event), here, sentence))
        document.lines.setdefault(here, _line(event))
        tree[key] = _node(parser, parser.next(), here, document)
    return tree


def _sequence(parser: _Parser, path: Path, document: Document) -> Tree:
    tree: list[Tree] = []
    while not isinstance(event := parser.next(), yaml.SequenceEndEvent):
        tree.append(_node(parser, event, (*path, len(tree)), document))
    return tree


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 1


def _problem(error: Exception) -> str:
    mark = getattr(error, "problem_mark", None)
    problem = getattr(error, "problem", None) or "unreadable characters"
    if "alphabetic or numeric" in problem:
        problem = "a lone * or & stands without quotation marks"
    return f"{problem} on line {mark.line + 1}" if mark else str(problem)
