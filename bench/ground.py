"""What a run stands on: a PostgreSQL, a Redis, and organizations of several sizes, each filled once for all rows."""

import asyncio
import contextlib
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import count
from pathlib import Path
from uuid import UUID

import asyncpg

from bench.large import PORTFOLIOS, PROGRAMS, Large, fill
from bench.machine import family_cpu
from server.actions.credentials import issue_token
from server.app import now
from server.domain.people import Role
from server.domain.stages import STAGES, Stage
from server.models.database import reading, rows
from server.models.people import Person, Seat
from tests.support.company import CAST, company, opened
from tests.support.postgres import Postgres, postgres
from tests.support.redis import redis

PER_OBJECTIVE = 1_000
KINDS = (
    "MARGIN",
    "COST_SAVING",
)  # the kinds of the standard policy's headline: with them plan and outlook are all sums
MILESTONES = 5
BOARD = 2
"""The number of the initiative that boards show and edits change: it is neither on hold nor cancelled."""
CLASSES = 50
"""Persons of whom no two have the same rights."""
SEED = 20_261_123
# One set-up for all who read and write there, ours and the peers'. Nobody vacuums in the middle of a measurement.
_TUNED = {"shared_buffers": "1GB", "max_wal_size": "4GB", "checkpoint_timeout": "1h", "autovacuum": "off", "jit": "off"}
_PLAIN = Path(__file__).parent / "plain.sql"


@dataclass(frozen=True)
class Filled:
    """An organization in a database, with the same facts beside it as a plain schema (on PostgreSQL)."""

    url: str
    organization: UUID
    large: Large
    people: dict[str, UUID]
    seats: dict[str, UUID]
    """Of the viewers `class-0` to `class-49`, each with rights of their own: the seat that reads amounts."""
    tokens: dict[str, str]
    plain: dict[str, int]
    """Ids in the plain schema by name: “Initiative 12”, “Objective 0”."""
    seconds: float

    def stage(self, number: int) -> Stage:
        """Where an initiative stands."""
        return STAGES[(number + number // self.programs) % len(STAGES)]

    @property
    def programs(self) -> int:
        """How many programs there are."""
        return len(self.large.tops) * PORTFOLIOS * PROGRAMS

    def active(self, *stages: Stage) -> list[int]:
        """The numbers of the initiatives at these stages that are neither on hold nor cancelled."""
        inert = 2  # of each twenty: bench/large.py
        return [
            number for number in range(self.large.initiatives) if number % 20 >= inert and self.stage(number) in stages
        ]

    def owner(self, number: int) -> str:
        """Who of the cast owns an initiative, and may edit and submit it."""
        return list(CAST)[number % len(CAST)]


@dataclass
class Ground:
    """What every row of a run shares.

    Attributes:
        quick: A fifth of the time: fewer and shorter rounds, smaller sizes.
        node: Whether the Node peers run as well.
    """

    folder: Path
    cluster: Postgres
    redis_url: str
    quick: bool = False
    node: bool = False
    seed: int = SEED
    _numbers: "count[int]" = field(default_factory=count)
    _filled: dict[tuple[str, int, str], Filled] = field(default_factory=dict)

    @property
    def rounds(self) -> int:
        """How often each contestant is measured, in turn; the median counts."""
        return 2 if self.quick else 3

    @property
    def seconds(self) -> float:
        """How long one measurement of reads takes."""
        return 0.4 if self.quick else 1.5

    @property
    def small(self) -> int:
        """One objective."""
        return 1_000

    @property
    def middle(self) -> int:
        """The size at which the reads are measured."""
        return 2_000 if self.quick else 10_000

    @property
    def sizes(self) -> tuple[int, ...]:
        """The sizes at which a cost has to be flat."""
        return (self.small, self.middle) if self.quick else (self.small, self.middle, 100_000)

    def database_cpu(self) -> float:
        """Seconds of CPU of all of PostgreSQL's processes."""
        return family_cpu(self.cluster.process.pid)

    def filled(self, initiatives: int, database: str = "postgres", purpose: str = "reads") -> Filled:
        """The organization of this size; written at the first call. What moves measures has one of its own."""
        key = database, initiatives, purpose
        if key not in self._filled:
            print(f"  filling {database} with {initiatives:,} initiatives …", end=" ", flush=True)
            self._filled[key] = asyncio.run(self._fill(self._new(database, initiatives), initiatives))
            print(f"{self._filled[key].seconds:.0f} s", flush=True)
        return self._filled[key]

    def migrated(self, name: str) -> str:
        """The address of a new database with nothing in its tables; migrations run once. Its name begins as asked."""
        name = f"{name}_{next(self._numbers)}"
        template = asyncio.run(self.cluster.template("bench", _migrate))
        asyncio.run(_execute(self.cluster.url(), f'CREATE DATABASE "{name}" TEMPLATE "{template}"'))
        return self.cluster.url(name)

    def _new(self, database: str, initiatives: int) -> str:
        if database == "postgres":
            return self.migrated(f"bench_{initiatives}")
        folder = self.folder / f"sqlite-{initiatives}"
        folder.mkdir()
        return f"sqlite://{folder / 'stageline.sqlite3'}"

    async def _fill(self, url: str, initiatives: int) -> Filled:
        started, at = time.perf_counter(), now()
        async with opened(url) as bell:
            alder = await company("Alder Pumps", bell, at)
            people = tuple(alder.people[name] for name in CAST)
            shape = {"objectives": max(1, initiatives // PER_OBJECTIVE), "kinds": KINDS, "milestones": MILESTONES}
            large = Large(alder.id, people[0], at.year, initiatives, owners=people, seed=self.seed, **shape)  # type: ignore[arg-type]
            await fill(url, large)
            seats = await _classes(large)
            emails = {row["name"]: row["email"] for row in await rows(reading(), "SELECT name, email FROM person")}
            tokens = {
                name.lower(): (await issue_token(email, label="bench", lasts=timedelta(days=1), at=at)).secret
                for name, email in emails.items()
            }
            ids = {row["name"].lower(): row["id"] for row in await rows(reading(), "SELECT name, id FROM person")}
        plain = {} if url.startswith("sqlite") else await _plain(url)
        return Filled(url, alder.id, large, ids, seats, tokens, plain, time.perf_counter() - started)


async def _classes(large: Large) -> dict[str, UUID]:
    """Viewers of the whole organization, each of whom reads the ledger of another node: all rights differ."""
    seats: dict[str, UUID] = {}
    begins, programs = date(large.year, 1, 1), list(large.above)
    for number in range(CLASSES):
        name = f"class-{number}"
        person = Person(organization_id=large.organization, name=name, email=f"{name}@alder-pumps.example")
        await person.save(force_create=True)
        common = {
            "organization_id": large.organization,
            "person_id": person.id,
            "role": Role.VIEWER.value,
            "starts": begins,
        }
        await Seat(**common, node_id=programs[number], reads_ledger=True).save(force_create=True)
        await Seat(**common, node_id=None).save(force_create=True)  # sees all without
        money = Seat(**common, node_id=None, reads_money=True)
        await money.save(force_create=True)
        seats[name] = money.id
    return seats


async def _migrate(url: str) -> None:
    async with opened(url):
        pass


async def _execute(url: str, *statements: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        for statement in statements:
            await connection.execute(statement)
    finally:
        await connection.close()


async def _plain(url: str) -> dict[str, int]:
    await _execute(url, _PLAIN.read_text(encoding="utf-8"), "VACUUM ANALYZE")
    connection = await asyncpg.connect(url)
    try:
        found = await connection.fetch(
            "SELECT name, id FROM plain.initiative UNION ALL SELECT name, id FROM plain.objective"
        )
    finally:
        await connection.close()
    return {row["name"]: row["id"] for row in found}


@contextmanager
def ground(*, quick: bool, node: bool, seed: int = SEED) -> Iterator[Ground]:
    """Start PostgreSQL and Redis in a temporary folder, and remove everything afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="stageline-bench-"))
    with contextlib.ExitStack() as stack:
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        cluster = stack.enter_context(postgres())
        asyncio.run(
            _execute(cluster.url(), *(f"ALTER SYSTEM SET {name} = '{value}'" for name, value in _TUNED.items()))
        )
        cluster.crash()
        cluster.start()
        yield Ground(folder, cluster, stack.enter_context(redis()).url, quick, node, seed)
