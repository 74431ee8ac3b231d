"""What a decision can be asked for: a passage through a gate, a change of a decided plan, a reopening (law §2)."""

from enum import StrEnum

from server.domain.stages import Stage


class Purpose(StrEnum):
    """What an open submission asks for. A measure has one at a time, of whatever purpose."""

    GATE = "GATE"
    CHANGE = "CHANGE"
    REOPENING = "REOPENING"

    def matter(self, measure: str, into: Stage) -> str:
        """What is decided upon, as called in a sentence: `the gate of “Full service” into Decided`."""
        if self is Purpose.GATE:
            return f"the gate of “{measure}” into {into.spoken}"
        what = "the change of the plan of" if self is Purpose.CHANGE else "the reopening of"
        return f"{what} “{measure}”"

    def stands(self, whose: str, into: Stage) -> str:
        """That it is open: `It is submitted into Decided`. `whose` begins the sentence: It, Its initiative, a name."""
        if self is Purpose.GATE:
            return f"{whose} is submitted into {into.spoken}"
        what = "a change of its plan" if self is Purpose.CHANGE else "its reopening"
        return f"{whose} waits for a decision on {what}"

    @property
    def spoken(self) -> str:
        """What was handed in, as written in a sentence: `the change request`."""
        return {Purpose.GATE: "the submission", Purpose.CHANGE: "the change request"}.get(self, "the reopening")


def closed_above(initiative: str) -> str:
    """Why a sales plan is not reopened under a closed initiative, which is not CLOSED while one is open (law §2)."""
    return f"It stands under “{initiative}”, which is closed: reopen that first."
