"""Reading as of a revision: the same SQL, and the tracked tables that it names are those of then.

Rights are as of now: `models/scope.py` names the `present.branch`.
"""

import re
from functools import lru_cache
from typing import Any
from uuid import UUID

from tortoise import Tortoise
from tortoise.backends.base.client import BaseDBAsyncClient

from server.models.history import NEVER_KEPT, TRACKED, dated_by, quoted

_FOREVER = 2**63 - 1
_NAMED = re.compile(rf"\b(?:FROM|JOIN)\s+({'|'.join(TRACKED)}|ledger_entry)\b")
_WITH = re.compile(r"\s*WITH\s+(RECURSIVE\s+)?")
# PostgreSQL flattens this form into the statement, indexes and all; SQLite only the other.
_POSTGRES = """{table} AS NOT MATERIALIZED (SELECT {columns} FROM (
    SELECT {columns}, {forever} AS until FROM present.{table} UNION ALL SELECT {columns}, until FROM {table}_past
    ) AS ever WHERE {dated} <= :as_of AND until > :as_of)"""
_SQLITE = """{table} AS NOT MATERIALIZED (
    SELECT {columns} FROM present.{table} WHERE {dated} <= :as_of
    UNION ALL SELECT {columns} FROM {table}_past WHERE {dated} <= :as_of AND until > :as_of)"""
_LEDGER = "ledger_entry AS NOT MATERIALIZED (SELECT * FROM present.ledger_entry WHERE revision <= :as_of)"


class Past(BaseDBAsyncClient):
    """A connection on which `rows` reads as of a revision of one organization. It writes nothing."""

    def __init__(self, db: BaseDBAsyncClient, organization_id: UUID, revision: int) -> None:
        self.db = db
        self.capabilities = db.capabilities
        self.organization_id = organization_id
        self.revision = revision

    def then(self, sql: str) -> tuple[str, dict[str, Any]]:
        """A SELECT as it is asked of then, and the parameters that this adds."""
        text = _then(sql, self.capabilities.dialect == "postgres")
        return text, {} if text is sql else {"as_of": self.revision}


@lru_cache(maxsize=512)
def _then(sql: str, postgres: bool) -> str:
    """The statement below common table expressions that stand in for the tracked tables it names."""
    named = sorted(set(_NAMED.findall(sql)))
    if not named:
        return sql
    shadows = ",\n".join(_shadow(table, postgres) for table in named)
    own = _WITH.match(sql)
    return f"WITH {own[1] or ''}{shadows}, {sql[own.end() :]}" if own else f"WITH {shadows}\n{sql}"


def _shadow(table: str, postgres: bool) -> str:
    if table == "ledger_entry":  # nothing in it ever changes
        return _LEDGER
    model = next(model for model in Tortoise.apps["stageline"].values() if model._meta.db_table == table)
    columns = [column for column in model._meta.fields_db_projection.values() if column not in NEVER_KEPT]
    told = {"columns": quoted(columns), "dated": dated_by(columns), "forever": _FOREVER}
    return (_POSTGRES if postgres else _SQLITE).format(table=table, **told)
