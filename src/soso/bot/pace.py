"""Whose turn it is to be sent to: Telegram's limits, kept with a margin, and fairly.

Pure: the time is an argument. Must not know aiogram.
"""

import heapq
from collections import deque
from collections.abc import Hashable, Sequence
from itertools import count
from typing import Final

from soso.model.value import Value

_CALM_EVERY: Final = 4
"""Of four turns at most three go to answers while alerts wait, so that these are not starved."""

_SWEEP_AFTER: Final = 1000


class Pace(Value):
    """Telegram's limits (1 a second in a chat, 20 a minute in a group, 30 a second in all) with
    room for a network that lets messages catch up with each other."""

    per_chat_s: float = 1.05
    group_count: int = 20
    group_window_s: float = 61.0
    overall_count: int = 28
    overall_window_s: float = 1.02


class Ticket:
    """A message or an edit that waits. urgent: somebody waits for it. edits: the message it changes."""

    def __init__(
        self, chat: Hashable, *, is_group: bool, urgent: bool, edits: Hashable | None = None
    ) -> None:
        self.chat = chat
        self.is_group = is_group
        self.urgent = urgent
        self.edits = edits
        self.asked_at = 0.0
        self.counted_at = 0.0
        self.is_gone = False
        self.replaced_by: Ticket | None = None


class _Line:
    """What waits for one chat."""

    def __init__(self) -> None:
        self.urgent: deque[Ticket] = deque()
        self.calm: deque[Ticket] = deque()
        self.sent: deque[float] = deque(maxlen=32)
        self.paused_until = 0.0
        self.is_busy = False

    def head(self) -> Ticket | None:
        for waiting in (self.urgent, self.calm):
            while waiting and waiting[0].is_gone:
                waiting.popleft()
            if waiting:
                return waiting[0]
        return None


class Turns:
    """The queue. One message a chat is under way at a time, so that their order stays."""

    def __init__(self, pace: Pace | None = None) -> None:
        self.pace = pace or Pace()
        self._lines: dict[Hashable, _Line] = {}
        self._edits: dict[Hashable, Ticket] = {}
        self._asleep: list[tuple[float, int, Hashable]] = []
        self._ready: dict[bool, list[tuple[float, int, Hashable]]] = {True: [], False: []}
        self._sent: deque[float] = deque(maxlen=self.pace.overall_count)
        self._paused_until = 0.0
        self._numbers = count()
        self._urgent_in_a_row = 0
        self._done = 0

    def add(self, ticket: Ticket, now: float, *, again: bool = False) -> None:
        """Let a ticket wait; again: it was refused, and goes to the front of its chat.

        An edit takes the place of one of the same message that still waits: the older ticket is
        gone then and says which replaced it.
        """
        line = self._lines.setdefault(ticket.chat, _Line())
        waiting = line.urgent if ticket.urgent else line.calm
        older = self._edits.get(ticket.edits) if ticket.edits is not None else None
        if again:
            ticket.is_gone = False
            waiting.appendleft(ticket)
        elif older is not None and older in waiting:
            ticket.asked_at = older.asked_at
            waiting[waiting.index(older)] = ticket
            older.is_gone, older.replaced_by = True, ticket
        else:
            ticket.asked_at = now
            waiting.append(ticket)
        if ticket.edits is not None:
            self._edits[ticket.edits] = ticket
        self._place(ticket.chat, line, now)

    def next(self, now: float) -> Ticket | float | None:
        """Return the ticket whose turn it is, or the seconds to wait for one, or None: no one waits.

        Who is returned is under way until done().
        """
        self._wake_up(now)
        wait_s = max(self._overall_wait_s(now), self._paused_until - now)
        if wait_s > 0:
            return wait_s if self._is_waited_for() else None
        calm_is_due = self._urgent_in_a_row >= _CALM_EVERY - 1
        for urgent in (not calm_is_due, calm_is_due):
            ticket = self._pop(urgent, now)
            if ticket is not None:
                self._urgent_in_a_row = self._urgent_in_a_row + 1 if ticket.urgent else 0
                return ticket
        return max(0.0, self._asleep[0][0] - now) if self._asleep else None

    def give_back(self, ticket: Ticket, now: float, *, wait_s: float) -> None:
        """The ticket that next() has just returned was not sent; its chat is due after wait_s."""
        line = self._lines[ticket.chat]
        for sent in (line.sent, self._sent):
            if sent and sent[-1] == ticket.counted_at:
                sent.pop()
        line.is_busy = False
        line.paused_until = max(line.paused_until, now + wait_s)
        newer = self._edits.get(ticket.edits) if ticket.edits is not None else None
        if newer is not None and not newer.is_gone:
            ticket.is_gone, ticket.replaced_by = True, newer
        if ticket.is_gone:
            self._place(ticket.chat, line, now)
        else:
            self.add(ticket, now, again=True)

    def recall(self, sent: Sequence[tuple[Hashable, float]]) -> None:
        """Count what others have sent, too: which chat and when, oldest first; it is all there is.

        What is under way here and was counted by next() is among it or of this moment.
        """
        for line in self._lines.values():
            line.sent.clear()
        self._sent.clear()
        for chat, at in sent:
            self._lines.setdefault(chat, _Line()).sent.append(at)
            self._sent.append(at)

    def done(self, ticket: Ticket, now: float) -> None:
        """The ticket was sent, or has failed."""
        line = self._lines[ticket.chat]
        line.is_busy = False
        self._place(ticket.chat, line, now)
        self._done += 1
        if self._done % _SWEEP_AFTER == 0:
            self._sweep(now)

    def drop(self, ticket: Ticket) -> None:
        """Nobody waits for the ticket any more."""
        ticket.is_gone = True

    def pause(self, chat: Hashable, until: float) -> None:
        """Telegram says that a chat must wait."""
        line = self._lines.setdefault(chat, _Line())
        line.paused_until = max(line.paused_until, until)

    def pause_all(self, until: float) -> None:
        """Telegram says that everybody must wait."""
        self._paused_until = max(self._paused_until, until)

    def waiting(self, now: float) -> tuple[int, float]:
        """Return how many tickets wait, and for how long the oldest has."""
        tickets = [
            ticket
            for line in self._lines.values()
            for ticket in (*line.urgent, *line.calm)
            if not ticket.is_gone
        ]
        return len(tickets), max((now - ticket.asked_at for ticket in tickets), default=0.0)

    def ready_in_s(self, chat: Hashable, *, is_group: bool, now: float) -> float:
        """Return how long a message to a chat would wait, but for other chats."""
        paused_s = max(0.0, self._paused_until - now)
        line = self._lines.get(chat)
        if line is None:
            return paused_s
        ahead = sum(not ticket.is_gone for ticket in (*line.urgent, *line.calm))
        return max(paused_s, self._ready_at(line, is_group) - now) + ahead * self.pace.per_chat_s

    def _place(self, chat: Hashable, line: _Line, now: float) -> None:
        """Put a chat where next() finds it: asleep until it may be sent to, or ready."""
        head = line.head()
        if head is None or line.is_busy:
            return
        ready_at = self._ready_at(line, head.is_group)
        number = next(self._numbers)
        if ready_at > now:
            heapq.heappush(self._asleep, (ready_at, number, chat))
            return
        # Whose ticket is oldest, or who was sent to longest ago, comes first.
        fair = max(head.asked_at, line.sent[-1] if line.sent else 0.0)
        heapq.heappush(self._ready[head.urgent], (fair, number, chat))

    def _ready_at(self, line: _Line, is_group: bool) -> float:
        ready_at = line.paused_until
        if line.sent:
            ready_at = max(ready_at, line.sent[-1] + self.pace.per_chat_s)
        if is_group and len(line.sent) >= self.pace.group_count:
            oldest = line.sent[-self.pace.group_count]
            ready_at = max(ready_at, oldest + self.pace.group_window_s)
        return ready_at

    def _wake_up(self, now: float) -> None:
        while self._asleep and self._asleep[0][0] <= now:
            _, _, chat = heapq.heappop(self._asleep)
            if chat in self._lines:
                self._place(chat, self._lines[chat], now)

    def _pop(self, urgent: bool, now: float) -> Ticket | None:
        ready = self._ready[urgent]
        while ready:
            _, _, chat = heapq.heappop(ready)
            line = self._lines.get(chat)
            head = line.head() if line is not None else None
            if line is None or head is None or line.is_busy:
                continue  # an entry that was overtaken
            if head.urgent != urgent or self._ready_at(line, head.is_group) > now:
                self._place(chat, line, now)
                continue
            (line.urgent if urgent else line.calm).popleft()
            if head.edits is not None and self._edits.get(head.edits) is head:
                del self._edits[head.edits]
            line.is_busy = True
            line.sent.append(now)
            self._sent.append(now)
            head.counted_at = now
            return head
        return None

    def _overall_wait_s(self, now: float) -> float:
        if len(self._sent) < self.pace.overall_count:
            return 0.0
        return self._sent[0] + self.pace.overall_window_s - now

    def _is_waited_for(self) -> bool:
        return bool(self._asleep or self._ready[True] or self._ready[False])

    def _sweep(self, now: float) -> None:
        """Forget chats that nothing holds any more."""
        for chat, line in list(self._lines.items()):
            quiet = not line.sent or line.sent[-1] + self.pace.group_window_s < now
            if quiet and not line.is_busy and line.head() is None and line.paused_until < now:
                del self._lines[chat]
