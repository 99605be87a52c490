"""What somebody who keeps a copy of everything public has to be told, from the change log.

`types.py`: what there is to copy. `tokens.py`: how far a copy is. `pages.py`: what comes next.
`views.py`: the endpoint.
"""
