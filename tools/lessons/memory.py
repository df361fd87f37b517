"""How much memory a lesson takes."""

from __future__ import annotations

import threading

import psutil


class PeakMemory:
    """Watch a process and its children; keep the most memory that they held.

    Args:
        pid: The process to watch.

    Example:
        >>> import os
        >>> with PeakMemory(os.getpid()) as memory:
        ...     pass
        >>> memory.megabytes > 1
        True
    """

    def __init__(self, pid: int):
        self.megabytes = 0.0
        self._process = psutil.Process(pid)
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def _watch(self) -> None:
        while True:
            total = 0
            try:
                children = self._process.children(recursive=True)
                for process in (self._process, *children):
                    memory = process.memory_full_info()
                    # Linux tells what a process holds when shared pages are shared out.
                    total += getattr(memory, "pss", memory.rss)
            except psutil.Error:  # one of them has ended just now
                pass
            self.megabytes = max(self.megabytes, total / 1e6)
            if self._done.wait(0.5):
                return

    def __enter__(self) -> PeakMemory:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()
