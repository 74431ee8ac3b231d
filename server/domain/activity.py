"""Sales activity: what sellers spend their time on, as a CRM or a calendar logs it (law §5). Motion, not progress."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from server.domain.months import EARLIEST, LATEST, Month
from server.domain.refusals import Faults

LONGEST_ACTIVITY = 31 * 24 * 60  # minutes: a month without sleep


@dataclass(frozen=True, slots=True)
class Activity:
    """A call, a visit, an hour; (system, external_id) finds it again. `minutes` None: nobody noted how long."""

    system: str
    external_id: str
    kind: str
    date: date
    minutes: int | None = None
    seller: str | None = None
    account: str | None = None
    account_group: str | None = None
    product: str | None = None
    product_group: str | None = None
    territory: str | None = None

    @property
    def month(self) -> Month:
        """The month in which it was."""
        return Month.containing(self.date)


# text of an activity, as callers write it → column and the longest it may be
ACTIVITY_TEXTS = {
    "system": ("system", 80),
    "externalId": ("external_id", 200),
    "kind": ("kind", 80),
    "seller": ("seller", 200),
    "account": ("account", 200),
    "accountGroup": ("account_group", 200),
    "product": ("product", 200),
    "productGroup": ("product_group", 200),
    "territory": ("territory", 200),
}
_NEEDED = frozenset({"system", "externalId", "kind"})


def check_activities(activities: Sequence[Activity], today: date, faults: Faults) -> None:
    """Add everything that is wrong with these activities to `faults`; what lies ahead was not done yet."""
    named: set[tuple[str, str]] = set()
    if not activities:
        faults.add("Name at least one activity.", "activities")
    for index, one in enumerate(activities):
        key = (one.system.strip(), one.external_id.strip())
        at = ("activities", str(index))
        if key in named:
            faults.add(f"“{key[1][:40]}” is named twice; name each activity once.", *at, "externalId")
        named.add(key)
        for field, sentence in _faults(one, today):
            faults.add(f"“{key[1][:40]}”: {sentence}", *at, field)


def _faults(one: Activity, today: date) -> Iterable[tuple[str, str]]:
    for field, (column, longest) in ACTIVITY_TEXTS.items():
        text = getattr(one, column)
        if field in _NEEDED and not text.strip():
            yield field, f"{field} is missing; write it."
        if text and (len(text) > longest or "\x00" in text):
            yield field, f"{field} has at most {longest} characters, and no NUL."
    if one.minutes is not None and not 0 <= one.minutes <= LONGEST_ACTIVITY:
        yield "minutes", f"an activity takes 0 to {LONGEST_ACTIVITY:,} minutes; {one.minutes:,} is not among them."
    if not EARLIEST <= one.date.year <= LATEST:
        yield "date", f"{one.date} does not lie between {EARLIEST} and {LATEST}."
    elif one.date > today:
        yield "date", f"{one.date} lies ahead; an activity is logged once it is done."
