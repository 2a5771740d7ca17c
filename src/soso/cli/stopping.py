"""Ctrl-C in long work: it ends after the step at hand, the second Ctrl-C at once.

An exception that comes in the middle of a step could leave a transaction open for as long as the
process lives, or be lost in code that may not raise.
"""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType


@contextmanager
def stopping() -> Iterator[Callable[[], None]]:
    """Give what is called between steps: it raises KeyboardInterrupt when Ctrl-C was pressed.

    So does the end of the block, when nothing was called after it.
    """
    asked = threading.Event()

    def ask(_number: int, _frame: FrameType | None) -> None:
        if asked.is_set():
            raise KeyboardInterrupt
        asked.set()

    def check() -> None:
        if asked.is_set():
            asked.clear()
            raise KeyboardInterrupt

    if threading.current_thread() is not threading.main_thread():
        yield check  # signals are the main thread's
        return
    before = signal.signal(signal.SIGINT, ask)
    try:
        yield check
    finally:
        signal.signal(signal.SIGINT, before)
    check()
