"""What an execution depended on besides its viewer's rights and the facts: who in person asked, and until when.

Why an answer may be shared. An execution is a function of four things: the document with its variables, the facts (one
revision of one organization), the time, and the viewer. A viewer is rights (`Viewer.rights`) and a person. Up to the
first read of the person, two executions whose viewers have the same rights have read the same values, so they have
taken the same steps; one that never makes such a read is therefore, step by step, the execution of every viewer with
these rights, and its answer is theirs. So nobody has to say which field is personal: the viewer that resolvers are
handed notes each read of what makes them a person. Time works likewise: whoever asks what day it is, or how long
something has waited, leaves the instant until which the answer stays the same.

Only queries, and the single answers of subscriptions, are shared: a mutation is its caller's.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from server.domain.people import Viewer


@dataclass(slots=True)
class Dependence:
    """What one execution came to depend on so far."""

    personal: bool = False
    """Whether it depends on who the viewer is, beyond their rights."""
    until: datetime | None = None
    """From when on another answer may be due though no fact was added; None: never."""

    def holds_until(self, instant: datetime) -> None:
        """Time alone may change the answer from this instant on."""
        if self.until is None or instant < self.until:
            self.until = instant


class Asker(Viewer):
    """A viewer who notes when somebody reads who they are, and not just what they may.

    There is one per execution, equal to itself only: to compare or to key by it reads nobody's name.
    """

    __slots__ = ("_depends", "_is")
    _depends: Dependence
    _is: Viewer

    def __init__(self, viewer: Viewer, depends: Dependence) -> None:
        for name in ("organization_id", "seats", "scopes"):
            object.__setattr__(self, name, getattr(viewer, name))
        object.__setattr__(self, "_is", viewer)
        object.__setattr__(self, "_depends", depends)

    @property
    def person_id(self) -> UUID:
        """Who it is."""
        self._depends.personal = True
        return self._is.person_id

    @property
    def name(self) -> str:
        """What they are called."""
        self._depends.personal = True
        return self._is.name

    @property
    def credential_id(self) -> UUID | None:
        """What they signed in with."""
        self._depends.personal = True
        return self._is.credential_id

    __eq__ = object.__eq__
    __hash__ = object.__hash__
