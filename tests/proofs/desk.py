"""The desk as a state machine: what readers get is what was last published, whatever is done."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.proofs.desk_machine.machine import SEEN, Desk

PROMISE = (
    "Logins of all roles do what comes to their minds to a few articles, allowed or not, in all"
    " states, while time moves, fifty steps a run: what the API shows is always exactly what was"
    " last published and is not expired, unpublished or killed; each refusal changed nothing; and"
    " revisions and audit tell what was done."
)
UNIT = "runs of 50 steps"
STEPS = 50


@dataclass
class Outcome:
    seconds: float = 0
    done: dict[str, int] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)

    def figures(self) -> dict[str, object]:
        return {"seconds": f"{self.seconds:.0f}", **self.done, "errors": len(self.errors)}


def run(number: int, *, steps: int = STEPS) -> Outcome:
    """Run the machine ``number`` times on the current database; each run is rolled back."""
    outcome = Outcome()
    SEEN.clear()
    started = time.monotonic()
    try:
        run_state_machine_as_test(
            Desk,
            settings=settings(
                max_examples=number,
                stateful_step_count=steps,
                deadline=None,
                database=None,
                phases=[Phase.generate],  # shrinking fifty steps takes minutes
                suppress_health_check=list(HealthCheck),
            ),
        )
    except AssertionError as error:
        outcome.errors.append(f"{error}\n{getattr(error, '__notes__', '')}")
    outcome.seconds = time.monotonic() - started
    outcome.done = dict(sorted(SEEN.items()))
    return outcome
