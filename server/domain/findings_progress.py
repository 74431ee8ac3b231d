"""Findings about progress: what moves without getting on, and what waits (law §2, §6, §8 and §9)."""

from datetime import timedelta

from server.domain.noticed import FindingCode, Noticed, Severity, by_share, by_time
from server.domain.stages import Stage
from server.domain.subjects import MOTION_DAYS, Blocker, Subject
from server.domain.values import COSTS
from server.domain.wording import listed


def motion_without_progress(subject: Subject) -> Noticed | None:
    """More activity than in the four weeks before, while no outcome or output moved: the value to come is at stake.

    Twice as much activity, or more, for nothing is a warning; less is a note.
    """
    motion = subject.motion
    if not subject.at(Stage.DECIDED, Stage.IMPLEMENTED) or not motion.still or motion.moved:
        return None
    if motion.now <= motion.before:
        return None
    since = subject.today - timedelta(days=MOTION_DAYS)
    return Noticed(
        FindingCode.MOTION_WITHOUT_PROGRESS,
        Severity.WARNING if motion.now >= 2 * motion.before else Severity.INFO,
        subject.to_come,
        f"Activity for “{subject.name}” grows, and nothing that counts has moved in {MOTION_DAYS} days:"
        f" {_first(motion.still)} stand still. {subject.money(subject.to_come)} waits for them: ask what the activity"
        " is for.",
        (
            (f"Activities in the last {MOTION_DAYS} days", str(motion.now)),
            (f"Activities in the {MOTION_DAYS} days before", str(motion.before)),
            ("Outcomes and outputs that stand still", str(len(motion.still))),
            ("Looked at since", str(since)),
        ),
    )


def gate_stalled(subject: Subject) -> Noticed | None:
    """A submission that nobody has decided for the policy's `stalled_after_days`; at twice that it is critical.

    How long a measure stands at its stage is no finding by itself: a good measure may take years to implement. What
    waits for a person's decision is.
    """
    waiting, patience = subject.waiting, subject.policy.cadence.stalled_after_days
    if waiting is None or (subject.today - waiting.since).days < patience:
        return None
    people = f" for {listed(list(waiting.people))}" if waiting.people else ""
    return Noticed(
        FindingCode.GATE_STALLED,
        by_time((subject.today - waiting.since).days, patience),
        waiting.stake,
        f"{waiting.what[:1].upper()}{waiting.what[1:]} has waited since {waiting.since}{people}, with"
        f" {subject.money(waiting.stake)} at stake. Decide, or send it back with a comment.",
        (
            ("Submitted on", str(waiting.since)),
            ("Counts as stalled after", f"{patience} days"),
            ("At stake", subject.money(waiting.stake)),
        ),
    )


def blocked(subject: Subject) -> Noticed | None:
    """A milestone of it waits for one that is late: as severe as that one's delay, by the policy's light thresholds."""
    if not subject.at(Stage.DEFINED, Stage.IMPLEMENTED) or not subject.blockers:
        return None
    late = min(subject.blockers, key=lambda one: (one.due, one.awaits, one.awaits_id))
    lights = subject.policy.lights
    days = (subject.today - late.due).days
    severity = Severity.WARNING if days > lights.amber_after_days else Severity.INFO
    return Noticed(
        FindingCode.BLOCKED,
        Severity.CRITICAL if days > lights.red_after_days else severity,
        subject.to_come,
        f"“{late.milestone}” of “{subject.name}” waits for {_awaited(late)}, which was due on {late.due}:"
        f" {subject.money(subject.to_come)} waits with it. Bring that milestone in, or part the two.",
        (
            *(
                (f"{_awaited(one)[:1].upper()}{_awaited(one)[1:]} was due on", str(one.due), str(one.awaits_id))
                for one in subject.blockers
            ),
            ("Value still to come", subject.money(subject.to_come)),
        ),
    )


def stale_input(subject: Subject) -> Noticed | None:
    """Forecast, actuals or pipeline that are due and missing: what the outlook assumes meanwhile is at stake."""
    if not subject.at(Stage.DECIDED, Stage.IMPLEMENTED) or not (subject.missing or subject.selling.stale):
        return None
    sold = subject.selling
    if not subject.missing:
        deals = "1 open deal was" if sold.stale == 1 else f"{sold.stale} open deals were"
        return Noticed(
            FindingCode.STALE_INPUT,
            by_share(sold.stale_units, sold.quota),
            sold.stale_units,
            f"The pipeline of “{subject.name}” is out of date: {deals} expected to close before this month,"
            f" {subject.money(sold.stale_units)} in all. Close them, or say when they will.",
            (("Open deals past their close", str(sold.stale)), ("Their amount", subject.money(sold.stale_units))),
        )
    benefit = abs(subject.total(lambda one: one.unknown, subject.worth))
    unknown = max(benefit, abs(subject.total(lambda one: one.unknown, COSTS)))
    told = listed([f"{one.what} for {listed([str(month) for month in one.months])}" for one in subject.missing])
    return Noticed(
        FindingCode.STALE_INPUT,
        by_share(unknown, subject.plan),
        unknown,
        f"“{subject.name}” lacks {told}: {subject.money(unknown)} of its outlook is assumed, not known. Its owner"
        " brings it current.",
        (*((one.what.capitalize(), listed([str(m) for m in one.months])) for one in subject.missing),
         ("Assumed meanwhile", subject.money(unknown))),
    )  # fmt: skip


def _awaited(late: Blocker) -> str:
    """What is waited for; by its name only where who sees the measure sees that as well: the input leads there."""
    return "a milestone of another measure" if late.elsewhere else f"“{late.awaits}”"


def _first(names: tuple[str, ...], most: int = 3) -> str:
    """The first few names in quotes, and how many more there are."""
    told = [f"“{name}”" for name in names[:most]]
    rest = len(names) - most
    return listed([*told, f"{rest} more"] if rest > 0 else told)
