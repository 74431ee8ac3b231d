"""A subscription on a socket as a member of its cohort: what all of them get, with an id of its own."""

from typing import TYPE_CHECKING

from server.api.socket_wire import head
from server.domain.people import Viewer
from server.live.members import Member, Parcel

if TYPE_CHECKING:  # a socket has listeners, and each of them a socket
    from server.api.sockets import Socket


class Listener(Member):
    """One subscription. `id` is its id as JSON."""

    __slots__ = ("id", "key", "line", "socket")

    def __init__(self, viewer: Viewer, socket: "Socket", key: str, id_: bytes) -> None:
        super().__init__(viewer)
        self.socket, self.line, self.key, self.id = socket, socket.line, key, id_

    def take(self, parcel: Parcel) -> bool:
        """Send it, unless the client does not keep up."""
        line, own = self.line, self.id
        if line.paused:
            return False
        parts = parcel.framed.get(len(own))
        if parts is None:
            parts = parcel.framed[len(own)] = framed(parcel.payloads, len(own))
        line.quiet = False
        line.transport.write(own.join(parts))
        return True

    def push(self, parcel: Parcel) -> None:
        """Send it in any case."""
        self.socket.line.transport.write(self.id.join(framed(parcel.payloads, len(self.id))))

    def failed(self, error: Exception) -> None:
        """Say why it ends."""
        self.socket.ended(self, error)


def framed(payloads: tuple[bytes, ...], size: int) -> list[bytes]:
    """The frames of `next` messages, cut wherever an id of so many bytes belongs.

    `id.join(framed(…))` makes them whole: what a thousand subscriptions have in common is copied, and never built anew.
    """
    parts, tail = [], b""
    for payload in payloads:
        rest = b',"type":"next","payload":' + payload + b"}"
        begin = b'{"id":'
        parts.append(tail + head(len(begin) + size + len(rest)) + begin)
        tail = rest
    return [*parts, tail]
