"""Signing in and out: who is let in, who is not, how often somebody may try, and what a stolen database tells."""

from datetime import timedelta
from itertools import count
from typing import Literal

import pytest
from argon2 import PasswordHasher

from server.actions import credentials, passwords
from server.actions.throttle import Throttle
from server.auth import bearer_in, recognize, why_ended
from server.domain.refusals import RefusalCode, Refused
from server.models.database import reading, rows
from server.models.people import Person
from tests.support.company import NOW, Company

PASSWORD = "correct horse battery staple"
_addresses = count()


@pytest.fixture(scope="module")
def stored() -> str:
    return passwords._hasher.hash(PASSWORD)


@pytest.fixture
def address() -> str:
    """A network address that no other test tried from."""
    return f"192.0.2.{next(_addresses)}"


@pytest.fixture
async def email(companies: tuple[Company, Company], stored: str) -> str:
    """Eve's address at Alder Pumps, with a password, and no attempts yet."""
    eve = await Person.get(id=companies[0].people["eve"])
    eve.password_hash = stored
    await eve.save(update_fields=["password_hash"])
    assert eve.email
    credentials._by_email.forget(eve.email)
    return eve.email


async def refusal(email: str, password: str, address: str, minutes: float = 0) -> Refused:
    with pytest.raises(Refused) as refused:
        await credentials.sign_in(email, password, address=address, at=NOW + timedelta(minutes=minutes))
    return refused.value


async def test_a_wrong_password_and_an_unknown_email_get_the_same_no(email: str, address: str) -> None:
    wrong = await refusal(email, "wrong", address)
    unknown = await refusal("nobody@example.com", PASSWORD, address)
    known_without_password = await refusal(email.replace("eve", "sam"), PASSWORD, address)
    odd = await refusal("\0" * 10_000, "\0" * 10_000, address)
    assert {str(each) for each in (wrong, unknown, known_without_password, odd)} == {wrong.message}
    assert wrong.code is RefusalCode.FORBIDDEN
    assert await rows(reading(), "SELECT id FROM credential") == []


async def test_an_unknown_email_costs_a_hash_as_well(email: str, address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same work, so the same time."""
    checked: list[str] = []

    class Counting(PasswordHasher):
        def verify(self, hash: str | bytes, password: str | bytes) -> Literal[True]:  # noqa: A002 - the parent's word
            checked.append(str(hash))
            return super().verify(hash, password)

    monkeypatch.setattr(passwords, "_hasher", Counting())
    await refusal(email, "wrong", address)
    await refusal("nobody@example.com", "wrong", address)
    assert len(checked) == 2
    assert checked[0].split("$")[1:4] == checked[1].split("$")[1:4], "with the same parameters"


async def test_the_right_password_opens_a_session(email: str, address: str, companies: tuple[Company, Company]) -> None:
    issued = await credentials.sign_in(f" {email.upper()} ", PASSWORD, address=address, at=NOW)
    viewer = await recognize(cookie=issued.secret, at=NOW)
    assert viewer
    assert (viewer.person_id, viewer.organization_id) == (companies[0].people["eve"], companies[0].id)
    assert viewer.credential_id == issued.credential_id
    (row,) = await rows(reading(), "SELECT * FROM credential")
    assert issued.secret not in str(row)


async def test_what_was_never_issued_opens_nothing(email: str, address: str) -> None:
    issued = await credentials.sign_in(email, PASSWORD, address=address, at=NOW)
    for cookie in (
        "",
        "x",
        issued.secret[:-1],
        issued.secret + "x",
        credentials.digest(issued.secret),
        "x" * 100_000,
        "\ud800",
    ):
        assert await recognize(cookie=cookie, at=NOW) is None
    assert await recognize(bearer="wrong", cookie=issued.secret, at=NOW) is None, (
        "a wrong token is not saved by a cookie"
    )


async def test_a_session_expires(email: str, address: str) -> None:
    issued = await credentials.sign_in(email, PASSWORD, address=address, at=NOW)
    just = NOW + credentials.SESSION_LASTS - timedelta(seconds=1)
    assert await recognize(cookie=issued.secret, at=just)
    assert await why_ended(issued.credential_id, just) is None
    over = NOW + credentials.SESSION_LASTS
    assert await recognize(cookie=issued.secret, at=over) is None
    assert await why_ended(issued.credential_id, over) == "expired"


async def test_signing_out_ends_one_session_or_all(email: str, address: str) -> None:
    sessions = [await credentials.sign_in(email, PASSWORD, address=address, at=NOW) for _ in range(3)]
    first, second, third = sessions
    assert await credentials.sign_out(first.person_id, first.credential_id, everywhere=False, at=NOW) == 1
    assert [bool(await recognize(cookie=each.secret, at=NOW)) for each in sessions] == [False, True, True]
    assert await why_ended(first.credential_id, NOW) == "ended"
    assert await credentials.sign_out(second.person_id, second.credential_id, everywhere=True, at=NOW) == 2
    assert await recognize(cookie=third.secret, at=NOW) is None


async def test_a_machines_token_is_no_cookie_and_outlives_signing_out(email: str) -> None:
    token = await credentials.issue_token(email, label="nightly", lasts=timedelta(days=90), at=NOW)
    assert await recognize(cookie=token.secret, at=NOW) is None
    await credentials.sign_out(token.person_id, None, everywhere=True, at=NOW)
    assert await recognize(bearer=token.secret, at=NOW)
    assert await recognize(bearer=token.secret, at=NOW + timedelta(days=90)) is None
    with pytest.raises(Refused, match="no person"):
        await credentials.issue_token("nobody@example.com", label="", lasts=timedelta(days=1), at=NOW)


async def test_ten_attempts_for_an_email_are_enough(email: str, address: str) -> None:
    """From wherever they come, and also with the right password at last; a quarter of an hour later it is let in."""
    for attempt in range(10):
        assert (await refusal(email, "wrong", f"{address}-{attempt}")).code is RefusalCode.FORBIDDEN
    limited = await refusal(email, PASSWORD, address, minutes=1)
    assert limited.code is RefusalCode.LIMITED
    assert "Try again in 14 minutes." in limited.message
    issued = await credentials.sign_in(email, PASSWORD, address=address, at=NOW + timedelta(minutes=15))
    assert await recognize(cookie=issued.secret, at=issued.expires_at - timedelta(days=1))


async def test_sixty_attempts_from_an_address_are_enough(email: str, address: str) -> None:
    for _ in range(60):
        credentials._by_address.count(address, NOW)
    assert (await refusal(email, PASSWORD, address)).code is RefusalCode.LIMITED
    issued = await credentials.sign_in(email, PASSWORD, address=f"{address}-other", at=NOW)
    assert await recognize(cookie=issued.secret, at=NOW)


def test_a_throttle_keeps_no_more_keys_than_it_may(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("server.actions.throttle.KEYS_KEPT", 100)
    throttle = Throttle(1, timedelta(minutes=1))
    for key in range(1_000):
        throttle.count(str(key), NOW)
    assert len(throttle._tried) == 100
    assert throttle.wait("999", NOW)
    assert throttle.wait("0", NOW) is None


def test_a_sockets_token_is_found_under_any_spelling() -> None:
    for params in ({"authorization": "Bearer x"}, {"Authorization": "bearer x"}, {"AUTHORIZATION": "BEARER  x "}):
        assert bearer_in(params) == "x"
    for odd in (
        {},
        {"authorization": 5},
        {"authorization": "x"},
        {"authorization": "Basic x"},
        {"authorization": "Bearer "},
    ):
        assert bearer_in(odd) is None
