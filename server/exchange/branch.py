"""Where a row belongs: the plan that the mapping's rules name for it, and the nodes that plan needs."""

from collections.abc import Sequence
from dataclasses import dataclass

from server.domain.cascade import Level
from server.domain.texts import LONGEST_TAG
from server.domain.wording import Path
from server.exchange.cells import LONGEST_TEXT, NOT_COMPUTED, SHEET_ERRORS, text
from server.exchange.extract import ExternalKey, NamePath, Place, WantedNode
from server.exchange.placing import BranchLevel, PlaceRule
from server.exchange.scope import Cells, Read, Scope

_TEMPLATES = ("id", "owner", "sponsor", "controller", "business_unit", "description")
_LONGEST_DESCRIPTION = 4000


class NoPlan(Exception):
    """Why a row has no plan."""


class Contradiction(ValueError):
    """Two rows want the same node to be two different things."""


class Branch:
    """All nodes wanted so far, in their order: a parent before what stands under it."""

    def __init__(self) -> None:
        self.nodes: dict[ExternalKey, WantedNode] = {}

    def want(self, nodes: list[WantedNode]) -> None:
        """Add a chain of nodes. Raises Contradiction, and adds none, when one of them is wanted differently already."""
        for node in nodes:
            known = self.nodes.get(node.key, node)
            if known != node:
                raise Contradiction(_difference(known, node))
        self.nodes |= {node.key: node for node in nodes}

    def needed(self, places: set[Place]) -> tuple[WantedNode, ...]:
        """The nodes that lead to these places."""
        kept: set[Place] = set(places)
        for node in reversed(self.nodes.values()):
            if node.key in kept and node.parent:
                kept.add(node.parent)
        return tuple(node for node in self.nodes.values() if node.key in kept)


class Plans:
    """The rules of a mapping (those under `key`), ready to be asked from the rows of one scope."""

    def __init__(self, scope: Scope, branch: Branch, rules: Sequence[PlaceRule], key: str = "plans") -> None:
        system = scope.binding.mapping.system
        self._key = key
        self._rules = [_Rule(scope, rule, (key, index), system) for index, rule in enumerate(rules)]
        self._branch = branch
        self._known: dict[tuple[int, tuple[str, ...]], Place | Exception] = {}

    def place(self, row: Cells) -> Place:
        """The plan of a row; the nodes it needs are wanted from now on.

        Raises NoPlan with the reason, Contradiction, or ValueError when a name is no name.
        """
        for index, rule in enumerate(self._rules):
            if not rule.holds(row):
                continue
            key = index, rule.values(row)
            if key not in self._known:
                self._known[key] = self._made(rule, row)
            found = self._known[key]
            if isinstance(found, Exception):
                raise found
            return found
        raise NoPlan(f"no rule under {self._key} holds for it" if self._rules else f"the mapping has no {self._key}")

    def names(self, row: Cells) -> list[str]:
        """The names of the levels that a row is made to belong to, as it writes them, from the last one up.

        None where they cannot be read; `place` says why.
        """
        try:
            rule = next((rule for rule in self._rules if rule.holds(row)), None)
            return rule.names(row) if rule else []
        except ValueError:
            return []

    def _made(self, rule: "_Rule", row: Cells) -> Place | Exception:
        try:
            place, nodes = rule.chain(row)
            self._branch.want(nodes)
        except (NoPlan, ValueError) as error:
            return error
        return place


@dataclass(frozen=True, slots=True)
class _Template:
    """A text with the placeholders it cannot do without."""

    read: Read
    needs: list[tuple[str, Read]]

    def required(self, row: Cells) -> str:
        for name, read in self.needs:
            said = read(row)
            if not said:
                raise NoPlan(f"{{{name}}} is blank, which its plan is named by")
            if said in SHEET_ERRORS:
                raise NoPlan(f"{{{name}}} is “{said}”, by which its plan would be named; that {NOT_COMPUTED}")
        return _said(self.read(row))

    def optional(self, row: Cells, longest: int) -> str | None:
        whole = all(read(row) for _, read in self.needs)
        return (_said(self.read(row), longest) if whole else "") or None


def _said(written: str, longest: int = LONGEST_TEXT) -> str:
    """A text that a template came to. Raises ValueError that names it."""
    try:
        return text(written, longest)
    except ValueError as why:
        raise ValueError(f"“{written[:40]}” {why}") from None


class _Level:
    def __init__(self, scope: Scope, step: BranchLevel, path: Path) -> None:
        self.level = step.level
        self.name = _Template(*scope.text(step.name, path))
        written = {key: getattr(step, key) for key in _TEMPLATES}
        self.others = {key: _Template(*scope.text(one, (*path, key))) for key, one in written.items() if one}
        self.tags = [_Template(*scope.text(one, (*path, "tags"))) for one in step.tags]

    def node(self, row: Cells, system: str, parent: Place | None) -> WantedNode:
        """The node this level is for a row; without an `id` its key is the level and all names down to it."""
        name = self.name.required(row)
        given = self.others["id"].required(row) if "id" in self.others else None
        rest = {
            key: one.optional(row, _LONGEST_DESCRIPTION if key == "description" else 200)
            for key, one in self.others.items()
            if key != "id"
        }
        key = ExternalKey(system, _said(given or _path_id(self.level, name, parent)))
        tags = (one.optional(row, LONGEST_TAG) for one in self.tags)
        return WantedNode(key, self.level, name, parent, **rest, tags=tuple(tag for tag in tags if tag))


class _Rule:
    def __init__(self, scope: Scope, rule: PlaceRule, path: Path, system: str) -> None:
        self._system = system
        self._when = [
            (scope.text(f"{{{name}}}", (*path, "when", name))[0], frozenset(values))
            for name, values in rule.when.items()
        ]
        at = (*path, "attach")
        attach = rule.attach
        self._attach_system = (attach.system if attach else None) or system
        self._attach_id = _Template(*scope.text(attach.external_id, at)) if attach and attach.external_id else None
        self._attach_path = [_Template(*scope.text(name, at)) for name in attach.path] if attach else []
        self._levels = [_Level(scope, step, (*path, "branch", index)) for index, step in enumerate(rule.branch)]
        templates = [*self._attach_path, *([self._attach_id] if self._attach_id else [])]
        templates += [one for level in self._levels for one in (level.name, *level.others.values(), *level.tags)]
        self._needs = [read for template in templates for _, read in template.needs]

    def holds(self, row: Cells) -> bool:
        return all(read(row) in values for read, values in self._when)

    def values(self, row: Cells) -> tuple[str, ...]:
        """All that the answer of this rule depends on."""
        return tuple(read(row) for read in self._needs)

    def names(self, row: Cells) -> list[str]:
        """The names of all levels, blank ones left out."""
        written = (level.name.read(row) for level in reversed(self._levels))
        return [name for name in written if name]

    def chain(self, row: Cells) -> tuple[Place, list[WantedNode]]:
        """The plan of a row and the nodes from the top down to it."""
        place, nodes = self._attached(row), []
        for level in self._levels:
            node = level.node(row, self._system, place)
            nodes.append(node)
            place = node.key
        if place is None:
            raise NoPlan("its rule names no plan")
        return place, nodes

    def _attached(self, row: Cells) -> Place | None:
        if self._attach_id:
            return ExternalKey(self._attach_system, self._attach_id.required(row))
        names = tuple(name.required(row) for name in self._attach_path)
        return NamePath(names) if names else None


def _path_id(level: Level, name: str, parent: Place | None) -> str:
    """`SALES_PLAN:Revenue/Commercial/Central/…`: the same names give the same id in every import."""
    match parent:
        case ExternalKey():
            above = f"{parent.id.partition(':')[2] or parent.id}/"
        case NamePath():
            above = "".join(f"{one}/" for one in parent.names)
        case _:
            above = ""
    return f"{level}:{above}{name}"


def _difference(known: WantedNode, other: WantedNode) -> str:
    for key in ("level", "name", "parent", "owner", "sponsor", "controller", "business_unit", "description", "tags"):
        one, two = getattr(known, key), getattr(other, key)
        if one != two:
            words = key.replace("_", " ")
            return f"The {known.level.spoken} “{known.name}” would have two {words}s: “{one}” and “{two}”"
    return f"The {known.level.spoken} “{known.name}” is wanted twice"
