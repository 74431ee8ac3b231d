"""Facts of the ledger, as spoken."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import orjson
import strawberry

from server.domain.facts import FactKind
from server.domain.money import HIDDEN, major, masked
from server.domain.months import Month
from server.domain.values import Series
from server.domain.wording import Path, spoken_path
from server.live.changes import currency_of
from server.live.proof import Proof
from server.models.database import rows
from server.models.scope import recorded, seen
from server.schema import ids
from server.schema.connections import Connection, check_first, key_of
from server.schema.context import Context, Info
from server.schema.fields import edge, spoken
from server.schema.money import priced, told
from server.schema.node import Node, find, resolves
from server.schema.people import Person, person_of
from server.schema.scalars import Revision

spoken(
    FactKind,
    "What happened, in the past tense.",
    ORGANIZATION_FOUNDED="The organization began.",
    NODE_CREATED="A node of the cascade was created.",
    NODE_CHANGED="Fields of a node were changed.",
    NODE_MOVED="A node was put under another parent.",
    GATE_SUBMITTED="A measure was submitted to a gate.",
    GATE_RETRACTED="A submission was taken back.",
    GATE_DECIDED="Somebody voted at a gate.",
    STAGE_CHANGED="A measure came to another stage.",
    STANDING_CHANGED="A node was held, resumed or cancelled.",
    VALUE_CHANGED="Plan, forecast or actual amounts changed.",
    VALUE_CONFIRMED="A controller confirmed value.",
    VALUE_CORRECTED="A controller corrected an actual after its period had closed.",
    BUDGET_CHANGED="A portfolio's budget changed.",
    LIGHT_SET="A light was set.",
    CYCLE_OPENED="A review cycle was opened.",
    CYCLE_CLOSED="A review cycle was closed: its actuals are locked, its figures kept.",
    FINDING_OPENED="The system noticed something.",
    FINDING_CHANGED="What the system has noticed is still so, with another amount or severity.",
    FINDING_RESOLVED="What the system had noticed is no longer so.",
    INDICATOR_CHANGED="An indicator or one of its readings changed.",
    RULES_CHANGED="Rules that match deals to plans changed.",
    ACTIVITY_RECORDED="Sales activity was recorded.",
    FILE_IMPORTED="A file was imported.",
    MILESTONE_CHANGED="A milestone was added, changed or cancelled, or a reading recorded.",
    MILESTONE_ACHIEVED="A milestone was achieved, with evidence.",
    MILESTONE_VERIFIED="An achieved milestone was verified.",
    QUOTA_CHANGED="Quota, incentives or capacity changed.",
    RESULTS_RECORDED="Opportunities were recorded.",
    CHANGE_PROPOSED="A change of a decided plan, or a reopening, was proposed.",
    CHANGE_DECIDED="Somebody voted on such a proposal.",
    PLAN_CHANGED="A decided plan came to its next version.",
    QUESTION_ASKED="A decider asked something about a submission.",
    QUESTION_ANSWERED="A question about a submission was answered.",
    REMINDER_SENT="Deciders were reminded of a vote they owe.",
    POLICY_CHANGED="The policy was drafted, proposed or ratified.",
    PERSON_CHANGED="A person was made known or changed.",
    SEAT_CHANGED="A seat was granted, ratified or ended.",
    DELEGATION_CHANGED="A vote was lent to somebody, or taken back.",
    DESK_HANDED_OVER="All that a person held was handed over to another.",
    RESET="Older facts are not replayed to this viewer: fetch anew, then follow from this revision.",
)
# table of a fact's thing → kind of its global id
_KINDS = {"node": "node", "milestone": "milestone", "submission": "submission", "value_line": "line", "seat": "seat",
          "delegation": "delegation", "person": "person", "organization": "organization",
          "opportunity": "opportunity", "policy_version": "policy", "question": "question",
          "review_cycle": "cycle", "indicator": "indicator", "matching_rule": "rule", "budget": "budget",
          "import_mapping": "mapping", "finding": "finding"}  # fmt: skip
FACT_COLUMNS = "id, revision, at, by_id, on_behalf_of_id, kind, sentence, thing, thing_id, node_id, changes"
_SERIES = frozenset(series.value.lower() for series in Series)
_READINGS = frozenset({"start", "target", "actual"})  # of indicators, whose unit may be a currency
_UNTOLD = {"document", "proposal", "deciders"}  # whole documents, which their own thing shows
_UNTOLD |= {"created_at", "staged_at", "at", "probability", "weighted_reporting", "units_reporting", "month"}
MOST_CHANGES = 200  # an import changes thousands of rows in one fact; its sentence counts them


@strawberry.type(description="One field before and after.")
class FieldChange:
    """See the description."""

    field: str = strawberry.field(description="What changed.")
    before: str | None = strawberry.field(description="What it was; null: nothing.")
    after: str | None = strawberry.field(description="What it is; null: nothing.")


@strawberry.type(description="One fact of the ledger, in order.")
class Fact(Node):
    """See the description."""

    revision: Revision = strawberry.field(description="Its place in the organization's gapless order.")
    at: datetime = strawberry.field(description="When.")
    kind: FactKind = strawberry.field(description="What kind of thing happened.")
    row: strawberry.Private[dict[str, Any]]

    @classmethod
    def of(cls, row: dict[str, Any]) -> "Fact":
        """The fact of an entry."""
        return cls(
            id=ids.issue("fact", row["id"]),
            revision=row["revision"],
            at=row["at"],
            kind=FactKind(row["kind"]),
            row=row,
        )

    @classmethod
    def reset(cls, organization_id: UUID, revision: int, at: datetime) -> "Fact":
        """What tells a follower to fetch anew: facts up to this revision are not replayed."""
        row = {
            "id": organization_id,
            "revision": Revision(revision),
            "at": at,
            "kind": FactKind.RESET.value,
            "sentence": "Older facts are not replayed: fetch anew, then follow from here.",
            "thing": "organization",
            "thing_id": organization_id,
            "changes": [],
        }
        return cls.of(dict.fromkeys(("by_id", "on_behalf_of_id", "node_id")) | row)

    @edge("What happened, as a sentence; without its amounts for viewers who may not read money.")
    async def sentence(self, info: Info) -> str:
        """See the description."""
        return await told(info.context, self.row["node_id"], self.row["sentence"])

    @edge("Who did it; null: Stageline by itself.")
    async def by(self, info: Info) -> Person | None:
        """See the description."""
        return await person_of(info.context, self.row["by_id"]) if self.row["by_id"] else None

    @edge("In whose place it was done, where a vote was lent; null: in nobody's.")
    async def on_behalf_of(self, info: Info) -> Person | None:
        """See the description."""
        lender: UUID | None = self.row["on_behalf_of_id"]
        return await person_of(info.context, lender) if lender else None

    @edge("What it is about, where the viewer sees that.")
    async def on(self, info: Info) -> Node | None:
        """See the description."""
        kind = _KINDS.get(self.row["thing"])
        return await find(info.context, ids.issue(kind, self.row["thing_id"])) if kind else None

    @edge("What changed, field by field; of a bulk change the first 200. Who may not read money sees that, not what.")
    async def changes(self, info: Info) -> list[FieldChange]:
        """See the description."""
        rules = self.row["thing"] == "policy_version"  # a policy's thresholds are for all to know
        hidden = not rules and not await priced(info.context, self.row["node_id"])
        return [one for change in self.row["changes"][:MOST_CHANGES] for one in _told(change, hidden)]


@strawberry.type(description="Whether the ledger is whole: every entry there, in order and unaltered.")
class LedgerProof:
    """See the description."""

    entries: int = strawberry.field(description="How many entries it has.")
    head: str = strawberry.field(description="The hash of its last entry: whoever notes it can tell any rewriting.")
    sound: bool = strawberry.field(description="Whether it is whole.")
    first_fault: Revision | None = strawberry.field(
        description="The first entry altered, missing or out of order; one past the last where only the head is wrong."
    )
    sentence: str = strawberry.field(description="What was found.")

    @classmethod
    def of(cls, proof: Proof) -> "LedgerProof":
        """A walk's result."""
        fault = None if proof.first_fault is None else Revision(proof.first_fault)
        return cls(
            entries=proof.entries, head=proof.head, sound=proof.sound, first_fault=fault, sentence=proof.sentence
        )


def _told(change: dict[str, Any], hidden: bool) -> list[FieldChange]:
    """A stored change in words: of a new row its fields, of amounts the exact money, or `hidden` that there is one."""
    if "field" in change and isinstance(change["before"], dict) and isinstance(change["after"], dict):
        return [_without(one, amount=True) if hidden else one for one in _parts(change["before"], change["after"])]
    if "field" in change:
        month = f" {Month(change['month'])}" if "month" in change else ""
        pair = (_text(change["before"], change), _text(change["after"], change))
        one = FieldChange(field=_name(change["field"]) + month, before=pair[0], after=pair[1])
        nested = _nested((change["before"], change["after"]))
        amount = nested or _is_amount(change["field"], change) or _is_reading(change["field"], change)
        return [_without(one, amount)] if hidden else [one]
    before, after = change["before"] or {}, change["after"] or {}
    pairs = {name: (before.get(name), after.get(name)) for name in {**before, **after} if name not in _UNTOLD}
    every = {
        name: FieldChange(
            field=_name(name), before=_text(old, _money(name, before)), after=_text(new, _money(name, after))
        )
        for name, (old, new) in pairs.items()
        if not name.endswith(("_id", "currency")) and any(each not in (None, [], "") for each in (old, new))
    }
    if not hidden:
        return list(every.values())
    amounts = {name for name in every if _is_amount(name, before | after) or _is_reading(name, change)}
    return [_without(one, name in amounts or _nested(pairs[name])) for name, one in every.items()]


def _parts(before: dict[str, Any], after: dict[str, Any]) -> list[FieldChange]:
    """What changed inside a document, such as a policy: each part by its path."""
    old, new = dict(_leaves(before, ())), dict(_leaves(after, ()))
    return [
        FieldChange(field=spoken_path(path), before=_text(old.get(path), {}), after=_text(new.get(path), {}))
        for path in {**old, **new}
        if old.get(path) != new.get(path)
    ]


def _leaves(value: Any, path: Path) -> Iterator[tuple[Path, Any]]:
    if not isinstance(value, dict | list):
        yield path, value
        return
    for step, part in value.items() if isinstance(value, dict) else enumerate(value):
        yield from _leaves(part, (*path, step))


def _is_amount(column: str, row: dict[str, Any]) -> bool:
    """Whether a column holds minor units, whatever currency they are in."""
    return "units" in column or column.endswith("_reporting") or ("currency" in row and column in _SERIES)


def _is_reading(column: str, change: dict[str, Any]) -> bool:
    """Whether a column holds a number of an indicator, which may be an amount of money."""
    return column in _READINGS and str(change.get("thing", "")).startswith("indicator")


def _nested(pair: tuple[Any, Any]) -> bool:
    """Whether a value has a structure of its own, in which amounts may stand by any name."""
    return any(isinstance(one, dict) or (isinstance(one, list) and any(map(_is_row, one))) for one in pair)


def _is_row(value: Any) -> bool:
    return isinstance(value, dict | list)


def _without(one: FieldChange, amount: bool) -> FieldChange:
    """A change without its amounts: that there is one stays, and what it is does not."""

    def shown(text: str | None) -> str | None:
        return None if text is None else HIDDEN if amount else masked(text)

    return FieldChange(field=one.field, before=shown(one.before), after=shown(one.after))


def _money(column: str, row: dict[str, Any]) -> dict[str, Any]:
    currency = currency_of(column, row)
    return {"currency": currency} if currency else {}


def _name(field: str) -> str:
    return field.removesuffix("_id").removesuffix("_units").replace("units", "amount").replace("_", " ")


def _text(value: Any, change: dict[str, Any]) -> str | None:
    if value is None:
        return None
    if "currency" in change and isinstance(value, int) and not isinstance(value, bool):
        amount: Decimal = major(value, change["currency"])
        return f"{amount:,} {change['currency']}"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict) or (isinstance(value, list) and any(map(_is_row, value))):
        return orjson.dumps(value).decode()
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def visible_facts(context: Context, under: UUID | None) -> tuple[str, dict[str, Any]]:
    """Which facts a viewer may know: those of nodes in sight, and the organization's own with a seat at all of it."""
    viewer = context.viewer
    condition, values = seen(viewer, "node_id")
    if under is not None:
        condition += " AND node_id IN (SELECT descendant_id FROM branch WHERE ancestor_id = :under)"
        values = values | {"under": under}
    return condition, values


async def facts_of(
    info: Info, under: UUID | None, first: int, after: str | None, kinds: list[FactKind] | None
) -> Connection[Fact]:
    """A page of the ledger, newest first, as far as the viewer may read it."""
    context = info.context
    (sight, values), (right, ledgers) = visible_facts(context, under), recorded(context.viewer, "node_id")
    which = f"organization_id = :organization AND {sight} AND {right}"
    values = {**values, **ledgers, "organization": context.viewer.organization_id}
    if kinds:
        which += " AND kind IN :kinds"
        values["kinds"] = [kind.value for kind in kinds]
    key = key_of(after, int)
    behind = " AND revision < :after" if key else ""
    sql = f"SELECT {FACT_COLUMNS} FROM ledger_entry WHERE {which}{behind} ORDER BY revision DESC LIMIT :most"
    found = await rows(context.db, sql, most=check_first(first) + 1, **values, **({"after": key[0]} if key else {}))

    async def count() -> int:
        return int((await rows(context.db, f"SELECT COUNT(*) AS n FROM ledger_entry WHERE {which}", **values))[0]["n"])

    return Connection[Fact].page([((row["revision"],), Fact.of(row)) for row in found], first, after, count)


async def ledgers_below(context: Context, under: UUID) -> bool:
    """Whether the viewer may read the ledger of anything below a node."""
    sql = "SELECT 1 AS one FROM branch WHERE ancestor_id = :under AND descendant_id IN :seats LIMIT 1"
    return bool(await rows(context.db, sql, under=under, seats=list(context.viewer.ledger_nodes)))


async def facts_in_sight(
    context: Context, page: list[dict[str, Any]], under: UUID | None, kinds: list[FactKind] | None
) -> list[Fact]:
    """Of a page of new entries those that the viewer may know now, in order; rights are asked anew for every page."""
    wanted = [row for row in page if kinds is None or FactKind(row["kind"]) in kinds]
    if not wanted:
        return []
    sight, values = visible_facts(context, under)
    sql = f"SELECT id FROM ledger_entry WHERE id IN :ids AND organization_id = :organization AND {sight}"
    organization = context.viewer.organization_id
    found = await rows(context.db, sql, ids=[row["id"] for row in wanted], organization=organization, **values)
    known = {row["id"] for row in found}
    return [Fact.of(row) for row in wanted if row["id"] in known]


@resolves("fact")
async def _fact(context: Context, fact_id: UUID, _extra: bytes) -> Node | None:
    sight, values = visible_facts(context, None)
    sql = f"SELECT {FACT_COLUMNS} FROM ledger_entry WHERE id = :id AND organization_id = :organization AND {sight}"
    found = await rows(context.db, sql, id=fact_id, organization=context.viewer.organization_id, **values)
    return Fact.of(found[0]) if found else None
