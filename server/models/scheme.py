"""Which modules hold the models, and where their migrations stand."""

MODELS = [f"server.models.{noun}" for noun in ("people", "cascade", "gates", "values", "sales", "policies", "ledger")]
MIGRATIONS = "server.models.migrations"
