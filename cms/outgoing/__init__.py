"""Requests to addresses that people typed in: public ones only, bounded in time and size.

`addresses.py`: which are public (pure). `posting.py`: one POST, guarded on its connection.
"""
