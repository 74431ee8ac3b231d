"""The words of a mapping for where a row belongs: a plan that stands, or a branch to be made."""

import re
from typing import Annotated, Any, ClassVar, Self

from pydantic import BeforeValidator, Field, model_validator

from server.domain.cascade import MEASURES, PARENTS, Level, a
from server.exchange.sources import Part, Texts


class Attach(Part):
    """A node that stands already, by external id or by the names from the top."""

    external_id: str | None = None
    system: str | None = Field(default=None, max_length=80)
    path: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.external_id is None) == (not self.path):
            raise ValueError("give externalId or path, one of them")
        return self


def _attached(value: Any) -> Any:
    """`Revenue / Commercial / {territory}` → a path of names."""
    if isinstance(value, str):
        return {"path": [name.strip() for name in value.split(" / ")]}
    if isinstance(value, dict) and isinstance(value.get("path"), str):
        return {**value, "path": [name.strip() for name in value["path"].split(" / ")]}
    return value


class BranchLevel(Part):
    """One node of the branch a row needs, in templates; by `id` it is found again, whatever its name becomes."""

    level: Level
    name: str = Field(min_length=1)
    id: str | None = None
    owner: str | None = None
    sponsor: str | None = None
    controller: str | None = None
    business_unit: str | None = None
    description: str | None = None
    tags: Texts = ()

    @model_validator(mode="after")
    def _people(self) -> Self:
        """Only measures have a sponsor and a controller (law §2)."""
        for key in ("sponsor", "controller"):
            if getattr(self, key) and self.level not in MEASURES:
                raise ValueError(f"{a(self.level)} has no {key}; initiatives and sales plans have one")
        return self


def level_named(key: str) -> Level | None:
    """The level a key names: `salesPlan`, `sales plan`, `SALES_PLAN`."""
    words = re.sub(r"(?<=[a-z])(?=[A-Z])|[ -]", "_", key).upper()
    return Level(words) if words in Level.__members__ else None


def _levelled(value: Any) -> Any:
    """`program: "{territory}"` → level and name."""
    if not isinstance(value, dict):
        return value
    keys = [key for key in value if level_named(key)]
    if len(keys) != 1:
        raise ValueError("name one level and its name, such as  program: “{territory}”")
    rest = {key: part for key, part in value.items() if key != keys[0]}
    return {**rest, "level": level_named(keys[0]), "name": value[keys[0]] or ""}


class PlaceRule(Part):
    """Where the rows go that `when` names: to a node that stands, or to a branch made from there or from the top."""

    last: ClassVar[Level] = Level.SALES_PLAN

    when: dict[str, Texts] = Field(default_factory=dict)
    attach: Annotated[Attach | None, BeforeValidator(_attached)] = None
    branch: tuple[Annotated[BranchLevel, BeforeValidator(_levelled)], ...] = ()

    @model_validator(mode="after")
    def _lawful(self) -> Self:
        """Levels follow one another as law §1 has it."""
        if not self.branch and self.attach is None:
            raise ValueError("give attach, branch or both")
        above: list[Level | None] = [None, *(step.level for step in self.branch)]
        for parent, step in zip(above, self.branch, strict=False):
            unknown_parent = parent is None and self.attach is not None
            if not unknown_parent and parent not in PARENTS[step.level]:
                where = f"under {a(parent)}" if parent else "at the top without attach"
                raise ValueError(f"{a(step.level)} cannot stand {where}")
        if self.branch and self.branch[-1].level is not self.last:
            raise ValueError(f"the last level is {a(self.last)}, not {a(self.branch[-1].level)}")
        return self


class PlanRule(PlaceRule):
    """Which sales plan a row belongs to."""


class InitiativeRule(PlaceRule):
    """Which initiative a row belongs to."""

    last = Level.INITIATIVE
