"""The acts around milestones: added, moved, read, achieved with evidence, verified."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from server.actions.milestones import achieve_milestone, add_milestone, edit_milestone, record_reading, verify_milestone
from server.sample.acts import Act, Ref, who
from server.sample.calendar import Calendar
from server.sample.grammar import Measure, Step

_DOCUMENTS = "https://docs.wendelau.example/evidence"


def steps(calendar: Calendar, measure: Measure, verifier: str, added: int) -> Iterator[Act]:
    """All acts around a measure's milestones, which were added so many days ago."""
    for number, step in enumerate(measure.steps):
        key = f"{measure.key}#{number}"
        yield Act(added, measure.owner, add_milestone, _added(calendar, measure, step), key)
        if step.slip:
            yield _moved(calendar, measure, step, key)
        if step.now:
            over = measure.ended.days + 2 if measure.ended else 0
            yield _read(calendar, measure, step, key, max(over, 6 + (number + len(measure.key)) % 9))
        if step.due < 0 and not step.late:
            yield _achieved(calendar, measure, step, key)
            if step.critical:
                comment = {"milestone": Ref(key), "comment": "Seen and checked."}
                yield Act(max(-step.due - 2, 1), verifier, verify_milestone, comment)


def _added(calendar: Calendar, measure: Measure, step: Step) -> dict[str, Any]:
    fields = {
        "name": step.name,
        "due": calendar.day(-(step.due - step.slip)),
        "measureType": step.kind,
        "critical": step.critical,
        "metric": step.metric,
        "unit": step.unit,
        "start": step.start,
        "target": step.target,
        "assignee": who(step.by) if step.by else None,
    }
    return {"under": Ref(measure.key), "fields": fields}


def _moved(calendar: Calendar, measure: Measure, step: Step, key: str) -> Act:
    """Moved shortly before its first date, or lately where that is still to come."""
    original = step.due - step.slip
    ago = 3 - original if original < -10 else 10 + step.slip % 7  # noqa: PLR2004 — days
    return Act(ago, measure.owner, edit_milestone, {"milestone": Ref(key), "fields": {"due": calendar.day(-step.due)}})


def _read(calendar: Calendar, measure: Measure, step: Step, key: str, ago: int) -> Act:
    source = f"{(step.metric or step.name).capitalize()}: weekly report"
    given = {"milestone": Ref(key), "reading": Decimal(step.now or 0), "source": source, "on": calendar.day(ago)}
    return Act(ago, measure.owner, record_reading, given)


def _achieved(calendar: Calendar, measure: Measure, step: Step, key: str) -> Act:
    on = calendar.day(-step.due)
    source = step.proof or f"{(step.metric or step.name).capitalize()}, report of {on:%B %Y}"
    given: dict[str, Any] = {"milestone": Ref(key), "source": source, "on": on}
    if step.target:
        given["reading"] = Decimal(step.target)
    else:
        given["url"] = f"{_DOCUMENTS}/{key.replace('#', '-')}.pdf"
    return Act(-step.due, measure.owner, achieve_milestone, given)
