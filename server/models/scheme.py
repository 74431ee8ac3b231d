"""Which modules hold the models, and where their migrations stand."""

_NOUNS = "people cascade gates values budgets kept sales matching indicators cadence findings imports policies ledger"
MODELS = [f"server.models.{noun}" for noun in _NOUNS.split()]
MIGRATIONS = "server.models.migrations"
