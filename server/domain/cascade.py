"""The cascade: levels and what may stand under what (law §1)."""

from enum import StrEnum

from server.domain.refusals import RefusalCode, Refused


class Level(StrEnum):
    """The five levels above a milestone, from what the board wants to what sellers do."""

    OBJECTIVE = "OBJECTIVE"
    PORTFOLIO = "PORTFOLIO"
    PROGRAM = "PROGRAM"
    INITIATIVE = "INITIATIVE"
    SALES_PLAN = "SALES_PLAN"

    @property
    def spoken(self) -> str:
        """As written in a sentence: `sales plan`."""
        return self.value.replace("_", " ").lower()


class Standing(StrEnum):
    """Apart from its stage, a measure is active, on hold (with a review date) or cancelled (with a reason)."""

    ACTIVE = "ACTIVE"
    ON_HOLD = "ON_HOLD"
    CANCELLED = "CANCELLED"


# level → the levels it may sit under; None is the organization itself.
PARENTS: dict[Level, frozenset[Level | None]] = {
    Level.OBJECTIVE: frozenset({None, Level.OBJECTIVE}),
    Level.PORTFOLIO: frozenset({Level.OBJECTIVE}),
    Level.PROGRAM: frozenset({Level.PORTFOLIO}),
    Level.INITIATIVE: frozenset({Level.PROGRAM}),
    Level.SALES_PLAN: frozenset({Level.INITIATIVE}),
}
MEASURES = frozenset({Level.INITIATIVE, Level.SALES_PLAN})
DEEPEST_OBJECTIVE = 6  # objectives nest; a tree deeper than this is a mistake, and every walk stays bounded


def a(level: Level) -> str:
    """The level with its article: `an objective`, `a sales plan`."""
    return f"{'an' if level.value[0] in 'AEIOU' else 'a'} {level.spoken}"


def check_parent(level: Level, parent: Level | None, field: str = "parent") -> None:
    """Refuse a place in the cascade that the law does not know."""
    allowed = PARENTS[level]
    if parent in allowed:
        return
    places = " or ".join(sorted(a(place) if place else "the organization itself" for place in allowed))
    where = f"under {a(parent)}" if parent else "at the top"
    raise Refused(
        RefusalCode.INVALID, f"{a(level).capitalize()} cannot stand {where}; it stands under {places}.", [field]
    )
