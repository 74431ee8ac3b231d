"""What requests ask, read once each: the same bytes mean the same operation, however often they come."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import orjson
from graphql import OperationType
from starlette.requests import Request

from server.api.documents import Operation
from server.api.operations import Operations
from server.api.requests import Params, params_of, params_of_query, parse_json
from server.live.answers import Question

KEPT = 1_000
KEPT_LENGTH = 4_000
"""Longer requests are read again each time: few clients send them, and what is kept of a thousand is bounded."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as it was read: its operation, admitted by every limit, and the variables."""

    operation: Operation
    variables: dict[str, Any] | None
    question: Question | None
    """What kept answers are kept by; None for anything but a query, which is run whenever it is asked."""


class Reader:
    """Reads requests, and keeps what it read of the last thousand queries."""

    def __init__(self, operations: Operations) -> None:
        self._operations = operations
        self._kept: OrderedDict[bytes, Asked] = OrderedDict()

    def body(self, raw: bytes) -> Asked:
        """What a JSON body asks. Raises RequestError, and DocumentError."""
        return self._read(raw, lambda: params_of(parse_json(raw)))

    def address(self, request: Request) -> Asked:
        """What the address of a GET asks. Raises RequestError, and DocumentError."""
        return self._read(b"?" + request.scope["query_string"], lambda: params_of_query(request))

    def form(self, params: Params) -> Asked:
        """What the parameters of a form ask, uploaded files among them. Raises DocumentError."""
        return Asked(self._operations.admit(params), params.variables, None)

    def _read(self, raw: bytes, read: Callable[[], Params]) -> Asked:
        known = self._kept.get(raw)
        if known:
            self._kept.move_to_end(raw)
            return known
        params = read()
        operation = self._operations.admit(params)
        if operation.type is not OperationType.QUERY:
            return Asked(operation, params.variables, None)
        spelt = orjson.dumps(params.variables or {}, option=orjson.OPT_SORT_KEYS)
        asked = Asked(operation, params.variables, (operation.text, operation.name, spelt))
        if len(raw) <= KEPT_LENGTH:
            self._kept[raw] = asked
            if len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return asked
