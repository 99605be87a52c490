"""`python -m tests.proofs NAME N`: run an experiment on a database of its own, and write it up."""

import argparse
import importlib
import os
import sys
from pathlib import Path
from types import ModuleType

NAMES = sorted(
    path.stem.replace("_", "-")
    for path in Path(__file__).parent.glob("*.py")
    if not path.stem.startswith("_") and path.stem not in ("report", "vocabulary")
)


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="make prove", description="Example: make prove NAME=log N=60"
    )
    parser.add_argument("name", choices=NAMES)
    parser.add_argument("n", type=int, help="the experiment's size, in its own unit")
    arguments = parser.parse_args()

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cms.settings")
    import django  # after the settings are named

    django.setup()
    from django.db import connection

    proof: ModuleType = importlib.import_module(f"tests.proofs.{arguments.name.replace('-', '_')}")
    from tests.proofs import report

    connection.settings_dict["TEST"]["NAME"] = f"proof_{arguments.name}"
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        print(f"{proof.PROMISE}\nN = {arguments.n} {proof.UNIT} …", flush=True)
        outcome = proof.run(arguments.n)
        path = report.write(
            arguments.name,
            promise=proof.PROMISE,
            n=arguments.n,
            unit=proof.UNIT,
            figures=outcome.figures(),
            details=outcome.details() if hasattr(outcome, "details") else "",
        )
    finally:
        connection.creation.destroy_test_db("dastan", verbosity=0)
    print(path.read_text())
    for error in outcome.errors[:20]:
        print("FAILED:", error, file=sys.stderr)
    return 1 if outcome.errors else 0


if __name__ == "__main__":
    sys.exit(main())
