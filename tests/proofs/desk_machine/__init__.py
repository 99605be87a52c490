"""What the proof of the desk runs: people who do things, and what should come of it."""
