"""Room for imports: what does not fit waits, in turn, and whoever gives up waiting leaves the turn to the next."""

import asyncio

from server.exchange.room import Room


async def test_what_does_not_fit_waits_its_turn() -> None:
    room, order = Room(10), list[str]()

    async def import_(name: str, size: int, until: asyncio.Event) -> None:
        async with room.taken(size):
            order.append(name)
            await until.wait()

    ends = {name: asyncio.Event() for name in ("first", "huge", "small", "late")}
    tasks = {name: asyncio.create_task(import_(name, size, ends[name])) for name, size in
             {"first": 6, "huge": 99, "small": 1, "late": 2}.items()}  # fmt: skip
    await _settled()
    assert order == ["first"]  # the small one would fit, but came after the huge one
    tasks["huge"].cancel()
    await _settled()
    ends["first"].set()
    await _settled()
    assert order == ["first", "small", "late"]
    for end in ends.values():
        end.set()
    await asyncio.gather(*tasks.values(), return_exceptions=True)
    async with room.taken(10):
        assert await asyncio.wait_for(_entered(room, 0), 1)


async def _entered(room: Room, size: int) -> bool:
    async with room.taken(size):
        return True


async def _settled() -> None:
    for _ in range(5):
        await asyncio.sleep(0)
