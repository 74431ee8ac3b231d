"""Founding an organization: every fault at once, nothing half founded, and founders who can sign in."""

from dataclasses import replace

import pytest

from server.actions.founding import Founder, found
from server.domain.people import Role
from server.domain.refusals import Refused
from server.models.people import Organization, Person
from tests.support.company import NOW, Company

ADA = Founder("Ada", "Ada@Acme.example", None, (Role.ADMIN,))
EVE = Founder("Eve", "eve@acme.example", None, (Role.EXECUTIVE,))


async def founding(
    *founders: Founder, name: str = "Acme", currency: str = "EUR", zone: str = "UTC", start: int = 1
) -> None:
    """Found an organization at the cast's time."""
    people = list(founders)
    await found(name=name, currency=currency, time_zone=zone, fiscal_year_start=start, founders=people, at=NOW)


async def test_all_faults_are_told_at_once_and_nothing_is_founded(alder: Company) -> None:
    before = await Organization.all().count()
    wrong = replace(EVE, name=" ", email="nonsense")
    with pytest.raises(Refused) as refused:
        await founding(ADA, wrong, replace(ADA, name="Other"), name="", currency="EURO", zone="Mars", start=13)
    told = "\n".join(refused.value.details)
    for part in ("name is missing", "“EURO”", "Mars", "month 13", "“nonsense”", "ada@acme.example"):
        assert part in told
    assert len(refused.value.details) == 7
    assert await Organization.all().count() == before
    assert alder.people


async def test_an_address_that_is_taken_is_refused_whatever_its_case(alder: Company) -> None:
    taken = (await Person.get(id=alder.people["eve"])).email
    with pytest.raises(Refused, match="is taken"):
        await founding(ADA, replace(EVE, email=str(taken).upper()))


async def test_founders_are_stored_as_they_will_sign_in(alder: Company) -> None:
    assert "eve" in alder.people
    await founding(ADA, replace(EVE, name="  Eve  "), name="  Acme ")
    assert await Person.filter(email="ada@acme.example", name="Ada").count() == 1
    assert await Person.filter(name="Eve").count() == 3  # alder's, birch's and this one
    assert await Organization.filter(name="Acme").count() == 1
