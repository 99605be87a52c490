"""Demonstration rates: figures as five banks might have published them for two years.

They start from what the banks did publish on one day and are made up for every other one: never to
be shown as news. ``levels`` has the published day, ``bulletins`` makes up the others, ``loading``
puts them into the database and takes them out again.
"""
