"""The settings, and the only reader of the environment. The README's table is printed from their descriptions."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

DEFAULT_SECRET = "only-for-development"  # noqa: S105 - it is public on purpose, and production refuses it
MIN_SECRET_LENGTH = 32
MIB = 1024 * 1024


class Environment(StrEnum):
    """What this process is for."""

    DEVELOPMENT = "development"
    PRODUCTION = "production"


class LogFormat(StrEnum):
    """How log lines look."""

    CONSOLE = "console"
    JSON = "json"


class Settings(BaseSettings):
    """All settings, from environment variables with the prefix `STAGELINE_`. Raises `pydantic.ValidationError`."""

    model_config = SettingsConfigDict(env_prefix="STAGELINE_", frozen=True, extra="ignore", hide_input_in_errors=True)

    environment: Environment = Field(
        default=Environment.DEVELOPMENT,
        description="`production` marks cookies Secure, and refuses to start with the default secret.",
    )
    secret: SecretStr = Field(
        default=SecretStr(DEFAULT_SECRET),
        description="This deployment's own secret. In production at least 32 characters, and never the default.",
    )
    data_dir: Path = Field(
        default=Path("data"), description="Folder of the SQLite file and of uploaded evidence; made if missing."
    )
    database_url: str = Field(
        default="",
        repr=False,
        description="`postgres://user:password@host/name`, or `sqlite:///path`. Empty: a file in the data folder.",
    )
    redis_url: str | None = Field(
        default=None,
        repr=False,
        description="`redis://host:6379/0`, needed when more than one process serves. Empty: one process.",
    )
    workers: int = Field(
        default=1,
        ge=1,
        le=256,
        description="Processes that `serve` starts on its port; more than one need PostgreSQL and Redis. One per core.",
    )
    redis_channel: str = Field(
        default="stageline", description="Prefix of the Redis channels; one per deployment on a shared Redis."
    )
    host: str = Field(default="127.0.0.1", description="Address to listen on.")
    port: int = Field(default=8000, ge=0, le=65535, description="Port to listen on; 0 picks a free one.")
    allowed_origins: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(),
        description="Other origins whose pages may use the API with the user's cookie, separated by commas.",
    )
    trusted_proxies: str = Field(
        default="127.0.0.1",
        description="Reverse proxies whose `X-Forwarded-For` and `-Proto` are believed, separated by commas.",
    )
    introspection: bool = Field(
        default=True,
        description="Whether the schema may be asked for (introspection, `/schema.graphql`, “did you mean” in errors).",
    )
    log_format: LogFormat = Field(default=LogFormat.CONSOLE, description="`console` for people, `json` for machines.")
    log_level: str = Field(
        default="INFO", pattern="^(DEBUG|INFO|WARNING|ERROR)$", description="The least severe line that is logged."
    )

    max_body_bytes: int = Field(
        default=MIB, ge=1024, description="Largest request body, in bytes; a larger one gets 413."
    )
    max_upload_bytes: int = Field(
        default=201_000_000,
        ge=1024,
        description="Largest body of an upload (an import, whose files have 200 MB at most, or a file of evidence), in "
        "bytes; kept on disk, in the folder that `TMPDIR` names, until it is read. Strangers' are bodies as any other.",
    )
    max_header_bytes: int = Field(
        default=64 * 1024, ge=4096, description="Largest request head, in bytes; a larger one gets 431."
    )
    max_tokens: int = Field(default=2000, ge=10, description="Most lexical tokens in one GraphQL document.")
    max_depth: int = Field(default=12, ge=2, description="Deepest nesting of fields in one operation.")
    max_aliases: int = Field(default=15, ge=0, description="Most aliases in one operation, fragments expanded.")
    max_directives: int = Field(default=50, ge=0, description="Most directives in one operation, fragments expanded.")
    max_spreads: int = Field(
        default=500, ge=0, description="Most fragment spreads in one operation, fragments expanded."
    )
    max_cost: int = Field(
        default=50_000,
        ge=1,
        description="Most objects one operation may ask for: 1 per object, times the page size below a connection.",
    )
    answers_bytes: int = Field(
        default=64 * MIB,
        ge=0,
        description="Memory for kept answers in each process, in bytes; 0: every query is run.",
    )
    receive_seconds: float = Field(default=15, gt=0, description="Time a client has to send its head and its body.")
    init_seconds: float = Field(
        default=10, gt=0, description="Time a socket has to send `connection_init` before it is closed."
    )
    ping_seconds: float = Field(default=25, gt=0, description="Time between two pings of the server on a socket.")
    send_seconds: float = Field(
        default=20, gt=0, description="Time a client may stop reading before its socket is closed."
    )
    recheck_seconds: float = Field(
        default=4, gt=0, le=5, description="Time between two looks whether a stream's sign-in still holds."
    )
    max_subscriptions: int = Field(default=50, ge=1, description="Most subscriptions on one socket.")
    remind_seconds: float = Field(
        default=300,
        ge=0,
        description="Time between two looks for deciders to remind, by the policy's cadence; 0: never by itself.",
    )
    notice_seconds: float = Field(
        default=1,
        ge=0,
        description="Time between two looks for findings while something happens; 0: never by itself.",
    )
    stop_seconds: int = Field(default=6, ge=1, description="Time that running requests have to finish after SIGTERM.")

    @field_validator("allowed_origins", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return (
            tuple(part.strip().rstrip("/") for part in value.split(",") if part.strip())
            if isinstance(value, str)
            else value
        )

    @field_validator("redis_url", mode="before")
    @classmethod
    def _none_if_empty(cls, value: object) -> object:
        return value or None

    @model_validator(mode="before")
    @classmethod
    def _database_in_data_dir(cls, values: dict[str, Any]) -> dict[str, Any]:
        data_dir = Path(values.get("data_dir") or "data").absolute()
        return {
            **values,
            "data_dir": data_dir,
            "database_url": values.get("database_url") or f"sqlite://{data_dir}/stageline.sqlite3",
        }

    @model_validator(mode="after")
    def _own_secret_in_production(self) -> Self:
        secret = self.secret.get_secret_value()
        if self.production and (secret == DEFAULT_SECRET or len(secret) < MIN_SECRET_LENGTH):
            raise ValueError(
                f"STAGELINE_SECRET must be your own in production, at least {MIN_SECRET_LENGTH} characters long. "
                "Make one with: python -c 'import secrets; print(secrets.token_urlsafe(32))'"
            )
        return self

    @model_validator(mode="after")
    def _several_workers_share(self) -> Self:
        lacks = []
        if self.database_url.startswith("sqlite"):
            lacks.append(
                "STAGELINE_DATABASE_URL to postgres://user:password@host/name (a SQLite file serves one process)"
            )
        if not self.redis_url:
            lacks.append(
                "STAGELINE_REDIS_URL to redis://host:6379/0 (without it a worker hears only of its own changes)"
            )
        if self.workers > 1 and lacks:
            raise ValueError(
                f"{self.workers} workers share one PostgreSQL and one Redis. Set {' and '.join(lacks)}, "
                "or serve with 1 worker."
            )
        return self

    @property
    def production(self) -> bool:
        """Whether this serves in earnest."""
        return self.environment is Environment.PRODUCTION

    @property
    def several_processes(self) -> bool:
        """Whether other processes may serve the same data."""
        return self.redis_url is not None


def reference() -> list[tuple[str, str, str]]:
    """Every setting as (variable, default, description), for the README's table."""
    return [
        (f"STAGELINE_{name.upper()}", _spoken(field.get_default()), field.description or "")
        for name, field in Settings.model_fields.items()
    ]


def _spoken(default: object) -> str:
    if isinstance(default, SecretStr):
        return "(for development only)"
    return "" if default in (None, ()) else str(default).lower() if isinstance(default, bool) else str(default)


def table() -> str:
    """The reference as a Markdown table, as the README shows it."""
    lines = ["| variable | default | what it does |", "|---|---|---|"]
    lines += [f"| `{name}` | {f'`{default}`' if default else ''} | {told} |" for name, default, told in reference()]
    return "\n".join(lines)
