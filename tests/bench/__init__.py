"""What a request costs. `make bench` runs it and writes docs/performance.md."""
