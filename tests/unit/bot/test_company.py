"""Turns shared by processes: who is alone asks nobody, who is not asks for each."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from soso.bot import company
from soso.bot.company import Company
from soso.bot.pace import Ticket, Turns
from soso.ports.hosts import Turn
from soso.stores.sql.store import SqlStore


class CountingStore(SqlStore):
    """Counts the turns that it was asked for."""

    turns = 0


@pytest.fixture
def make(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], CountingStore]]:
    for name, seconds in (("LOOK_S", 0.05), ("VIEW_S", 0.8), ("NEW_S", 1.2), ("LEASE_S", 2.0)):
        monkeypatch.setattr(company, name, seconds)
    opened: list[CountingStore] = []

    def begin() -> CountingStore:
        store = CountingStore(f"sqlite:///{tmp_path / 'archive.db'}")
        opened.append(store)
        take = store.take_sending_turn

        def counted(chat: str, **more: float) -> Turn:
            store.turns += 1
            return take(chat, **more)  # type: ignore[arg-type]

        store.take_sending_turn = counted  # type: ignore[assignment,method-assign]
        return store

    yield begin
    for store in opened:
        store.close()


@asynccontextmanager
async def running(store: SqlStore) -> AsyncIterator[Company]:
    one = Company(store, Turns())
    task = asyncio.create_task(one.run())
    try:
        yield one
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def ticket(chat: int) -> Ticket:
    return Ticket(chat, is_group=chat < 0, urgent=True)


def test_who_is_alone_asks_the_store_for_no_turn(make: Callable[[], CountingStore]) -> None:
    async def main() -> None:
        store = make()
        async with running(store) as one:
            for chat in range(5):
                assert await one.take_turn(ticket(chat)) == Turn(True, 0.0)
            assert one.leads
        assert store.turns == 0
        assert [sent.chat for sent in store.list_sent()] == ["0", "1", "2", "3", "4"]

    asyncio.run(main())


def test_a_newcomer_learns_what_was_sent_and_waits_first(
    make: Callable[[], CountingStore],
) -> None:
    async def main() -> None:
        async with running(make()) as one:
            for _ in range(20):  # as many as a group may have in a minute
                assert (await one.take_turn(ticket(-7))).taken
            async with running(make()) as other:
                loop = asyncio.get_running_loop()
                begun = loop.time()
                turn = await other.take_turn(ticket(-7))
                assert loop.time() - begun > company.VIEW_S
                assert not turn.taken
                assert turn.wait_s > 30
                assert one.others == other.others == 1
                assert (one.leads, other.leads) == (True, False)
                assert (await one.take_turn(ticket(8))).taken
                assert not (await other.take_turn(ticket(8))).taken
            left_at = loop.time()
            while one.others:
                assert loop.time() < left_at + 20
                await asyncio.sleep(0.05)

    asyncio.run(main())


def test_who_was_killed_is_followed(make: Callable[[], CountingStore]) -> None:
    async def main() -> None:
        make().meet_senders("killed", for_s=company.LEASE_S)
        async with running(make()) as one:
            assert not one.leads
            await asyncio.sleep(company.LEASE_S + 0.4)
            assert one.leads
            assert await one.take_turn(ticket(1)) == Turn(True, 0.0)

    asyncio.run(main())


def test_who_can_not_look_sends_nothing(
    make: Callable[[], CountingStore], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def main() -> None:
        store = make()
        async with running(store) as one:
            assert (await one.take_turn(ticket(1))).taken
            meet = store.meet_senders

            def fails(*_: object, **__: object) -> object:
                raise company.SosoError("away")

            monkeypatch.setattr(store, "meet_senders", fails)
            await asyncio.sleep(company.VIEW_S + 0.2)
            assert not one.leads
            waiting = asyncio.create_task(one.take_turn(ticket(2)))
            await asyncio.sleep(0.3)
            assert not waiting.done()
            monkeypatch.setattr(store, "meet_senders", meet)
            assert (await asyncio.wait_for(waiting, 5)).taken

    asyncio.run(main())
