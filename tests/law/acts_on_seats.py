"""Acts on seats (law §3), and the passing of time."""

from datetime import date, timedelta

from tests.law.act import Act, rule
from tests.law.model import VOTING, Law, Seat


def _at(law: Law, act: Act, place: str | None, role: str) -> set[str]:
    roles = law.roles(act.by, place)
    if not roles and place is not None:
        return {"NOT_FOUND"}
    return set() if role in roles else {"FORBIDDEN"}


@rule("grantSeat")
class _Grant:
    @staticmethod
    def refused(law: Law, act: Act) -> set[str]:
        codes = _at(law, act, act.said["at"], "ADMIN")
        return codes | ({"SAME_PERSON"} if act.said["person"] == act.by else set())

    @staticmethod
    def done(law: Law, act: Act) -> None:
        said = act.said
        law.seats[act.on] = Seat(said["person"], said["role"], said["at"], law.today, act.by)


@rule("ratifySeat")
class _Ratify:
    @staticmethod
    def refused(law: Law, act: Act) -> set[str]:
        seat = law.seats[act.on]
        codes = _at(law, act, seat.at, "EXECUTIVE")
        if seat.ratified or seat.role not in VOTING:
            codes.add("ALREADY_DECIDED")
        return codes | ({"SAME_PERSON"} if act.by in {seat.person, seat.granted_by} else set())

    @staticmethod
    def done(law: Law, act: Act) -> None:
        law.seats[act.on].ratified = True


@rule("endSeat")
class _EndSeat:
    @staticmethod
    def refused(law: Law, act: Act) -> set[str]:
        return _at(law, act, law.seats[act.on].at, "ADMIN")

    @staticmethod
    def done(law: Law, act: Act) -> None:
        law.seats[act.on].ends = law.today - timedelta(days=1)


@rule("later")
class _Later:
    @staticmethod
    def refused(_law: Law, _act: Act) -> set[str]:
        return set()

    @staticmethod
    def done(law: Law, act: Act) -> None:
        law.today = date.fromordinal(law.today.toordinal() + act.said["days"])
