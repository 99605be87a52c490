"""Tables with a cell at every place: the form that a table has in the editor."""

from dataclasses import replace

from articles.body.nodes import Cell, Paragraph, Rows

MAX_WIDTH = 100
"""Columns up to which a table is squared; a wider one loses its spans and stays as it is."""


def squared(rows: Rows) -> Rows:
    """`rows` with spans that neither overlap nor reach out, and empty cells at the rows' ends.

    Follows the HTML standard's way of forming a table, as editors do.
    """
    below: dict[int, int] = {}  # column -> rows for which a cell above reaches into it
    laid: list[tuple[list[Cell], int]] = []  # the cells of a row, and the places it has filled
    full = 0
    for number, row in enumerate(rows):
        cells, width, filled = _lay(row, below, len(rows) - number)
        if width > MAX_WIDTH:
            return tuple(tuple(replace(cell, colspan=1, rowspan=1) for cell in row) for row in rows)
        laid.append((cells, filled))
        full = max(full, width)
    return tuple(
        (*cells, *(Cell((Paragraph(),)) for _ in range(full - filled))) for cells, filled in laid
    )


def _lay(
    row: tuple[Cell, ...], below: dict[int, int], rows_left: int
) -> tuple[list[Cell], int, int]:
    """The cells of a row with spans that fit, the row's width, and how many places of it are filled
    (one may be free before a cell that reaches in from above); `below` moves a row down."""
    reached = {column for column, count in below.items() if count}
    for column in reached:
        below[column] -= 1
    cells = []
    column = 0
    for cell in row:
        while column in reached:
            column += 1
        room = next((place for place in range(1, cell.colspan) if column + place in reached), None)
        fitting = replace(cell, colspan=room or cell.colspan, rowspan=min(cell.rowspan, rows_left))
        cells.append(fitting)
        for place in range(column, column + fitting.colspan):
            below[place] = fitting.rowspan - 1
        column += fitting.colspan
        if column > MAX_WIDTH:
            break
    filled = len(reached) + sum(cell.colspan for cell in cells)
    return cells, max(column, 1 + max(reached, default=-1)), filled
