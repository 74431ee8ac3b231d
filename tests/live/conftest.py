"""The deployment that a module's tests share, on each database, and the two clients."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.clients import CLIENTS, Opener
from tests.support.company import copied
from tests.support.deployed import Deployment, deployed
from tests.support.postgres import Postgres


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
async def deployment(
    request: pytest.FixtureRequest, migrated_file: Path, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Deployment]:
    """Alder Pumps, to be served; its tests find what those before them wrote."""
    folder = tmp_path_factory.mktemp("deployment")
    if request.param == "sqlite":
        yield await deployed(copied(migrated_file, folder), folder)
        return
    postgres: Postgres = request.getfixturevalue("postgres")
    async with postgres.database() as url:
        yield await deployed(url, folder)


@pytest.fixture(params=CLIENTS)
def opener(request: pytest.FixtureRequest) -> Opener:
    """How each of the two clients connects."""
    return CLIENTS[request.param]
