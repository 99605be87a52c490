"""Webhooks: subscribers are told of changes, by a consumer of the change log.

`subjects.py`: what of the log is told, and where to read it. `events.py`: the consumer, which
writes a delivery for each subscriber. `dispatch.py`: takes what is due; `delivery.py`: sends it and
decides what comes of the answer; `signing.py`: Standard Webhooks 1.0.
"""
