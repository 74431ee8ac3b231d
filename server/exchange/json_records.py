"""A JSON file that is a list of flat records, as a table: every key a header, every value its text."""

import json
from typing import Any

from server.exchange.decoding import no_table

_SPACE = b" \t\r\n\xef\xbb\xbf"


def is_json(file: str, data: bytes) -> bool:
    """Whether a file is meant as JSON: by its name, or as it begins with a list of records."""
    return file.lower().endswith(".json") or (data[:64].lstrip(_SPACE)[:1] == b"[" and b"{" in data[:256])


def json_records(file: str, text: str) -> tuple[tuple[str, ...], list[list[str]]]:
    """The headers, every key in the order of its first record, and the cells of each record; a missing key is blank.

    Raises `Refused` for what is no JSON, and for what is no list of flat records.
    """
    try:
        found = json.loads(text, parse_float=str, parse_int=str)  # numbers stay as they were written
    except json.JSONDecodeError as error:
        raise no_table(file, f"line {error.lineno}, column {error.colno}: this is no JSON. Mend it there.") from error
    except RecursionError as error:
        raise no_table(file, "is nested too deeply for a table.") from error
    if not isinstance(found, list) or not found or not all(isinstance(record, dict) for record in found):
        raise no_table(file, 'is no list of records such as [{"goal": "…"}, …].')
    headers = tuple(dict.fromkeys(key for record in found for key in record))
    for number, record in enumerate(found, 1):
        if nested := [key for key, value in record.items() if isinstance(value, dict | list)]:
            raise no_table(file, f"record {number}: “{nested[0]}” is no single value. Export a flat table.")
    return headers, [[_text(record.get(key)) for key in headers] for record in found]


def _text(value: Any) -> str:
    if value is None:
        return ""
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else str(value)
