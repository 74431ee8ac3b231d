"""The frames of answers: an organization and the policy that it governs by, remembered between requests.

Nearly every answer wants both, and few facts change either. A frame is handed out only to an execution whose own
sign-in read the very revision that the frame stands at, and every change is a fact with a revision of its own; so it is
what reading it again would find, and nothing is ever invalidated (`live/answers.py` keeps whole answers the same way).
"""

from collections import OrderedDict
from typing import Any
from uuid import UUID

from server.domain.policy import Policy

KEPT = 256

Frame = tuple[dict[str, Any], Policy]
"""An organization as a row, and its policy in force; they are shared, so nobody changes them."""


class Frames:
    """Keeps the frame of each of the last organizations that were asked about, as it was read last."""

    def __init__(self) -> None:
        self._kept: OrderedDict[UUID, Frame] = OrderedDict()

    def find(self, organization_id: UUID, revision: int | None) -> Frame | None:
        """The frame of an organization at a revision."""
        found = self._kept.get(organization_id)
        return found if found and found[0]["revision"] == revision else None

    def keep(self, frame: Frame) -> None:
        """Remember what was just read."""
        self._kept[frame[0]["id"]] = frame
        self._kept.move_to_end(frame[0]["id"])
        if len(self._kept) > KEPT:
            self._kept.popitem(last=False)
