"""What each process keeps in memory: answers as bytes, by the version of the data that they are of.

It is bounded in bytes, the least used going first. Nothing is ever out of date, because the version is part of
what an answer is kept under, and nothing reaches another viewer, because so is the viewer.
"""

from collections.abc import Hashable
from threading import Lock

from cachetools import LRUCache


class Memory:
    def __init__(self, most: int) -> None:
        self.most = most
        self._held: LRUCache[Hashable, bytes] = LRUCache(most, getsizeof=len)
        self._lock = Lock()

    def get(self, key: Hashable) -> bytes | None:
        with self._lock:
            return self._held.get(key)

    def keep(self, key: Hashable, value: bytes) -> None:
        """What alone would be too large is not kept."""
        with self._lock:
            if len(value) <= self.most:
                self._held[key] = value

    def forget(self) -> None:
        with self._lock:
            self._held.clear()
