"""Work that goes on beside a test, in the same process."""

import threading
from collections.abc import Callable
from typing import Any

from django.db import connection


class Thread(threading.Thread):
    """Runs one function with a connection of its own; ``finish`` returns what it returned."""

    def __init__(self, work: Callable[[], Any]) -> None:
        super().__init__(daemon=True)
        self.work = work
        self.result: Any = None
        self.error: BaseException | None = None
        self.start()

    def run(self) -> None:
        try:
            self.result = self.work()
        except BaseException as error:  # noqa: BLE001 -- raised again by finish()
            self.error = error
        finally:
            connection.close()

    def finish(self) -> Any:
        self.join(timeout=60)
        assert not self.is_alive(), "it hangs"
        if self.error is not None:
            raise self.error
        return self.result
