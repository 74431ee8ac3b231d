"""A change of a row in the words of the ledger: text, integers, booleans and lists, never a float."""

from collections.abc import Container, Mapping
from datetime import date
from functools import cache
from typing import Any
from uuid import UUID

from tortoise.models import Model

Change = dict[str, Any]
# The order is kept by the ledger itself; the last is a secret, and the ledger is read by many.
NEVER_KEPT = {"organization_id", "revision", "since", "password_hash", "token_hash"}


def stored(row: Model, only: Container[str] | None = None) -> dict[str, Any]:
    """A row's columns, or some of them."""
    return {name: plain(getattr(row, name)) for name in told(type(row)) if only is None or name in only}


def made(model: type[Model], row: Mapping[str, Any]) -> Change:
    """That a row is new, by its columns; those it does not name are empty."""
    after = {name: plain(row.get(name)) for name in told(model)}
    return {"thing": model._meta.db_table, "id": str(row["id"]), "before": None, "after": after}


@cache
def told(model: type[Model]) -> tuple[str, ...]:
    """The columns of a model that the ledger tells."""
    return tuple(name for name in model._meta.fields_db_projection if name not in {model._meta.pk_attr, *NEVER_KEPT})


def plain(value: Any) -> Any:
    """A value of a column."""
    if value is None or isinstance(value, int):
        return value
    if isinstance(value, date):  # an instant as well
        return value.isoformat()
    return str(value) if isinstance(value, _TEXT) else value


_TEXT = (str, UUID)


def currency_of(column: str, row: Mapping[str, Any]) -> str | None:
    """The currency of a column of minor units, as it stands in the same row; None for any other column."""
    if column != "units" and not column.endswith("_units"):
        return None
    own = column.removesuffix("units") + "currency"
    currency: str | None = row.get(own) or row.get("currency")
    return currency
