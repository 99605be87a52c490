"""Endurance experiments. `make prove NAME=… N=…` runs one and writes what it saw to docs/proofs/;
the tests run the same code with a smaller N."""
