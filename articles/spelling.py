"""How far two spellings are apart; pure."""

from collections.abc import Iterable


def distance(one: str, other: str) -> int:
    """Slips of the pen between two words: a letter missing, too much, another one, or two that
    have changed places (the optimal string alignment distance of Damerau and Levenshtein)."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        older, before, row = before, row, [i]
        for j, candidate in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != candidate))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == candidate:
                cost = min(cost, older[j - 2] + 1)
            row.append(cost)
    return row[-1]


def closest(word: str, candidates: Iterable[str]) -> str | None:
    """The candidate that is spelled most like the word, the earlier of equals; None where all
    need more than one slip in three letters."""
    folded = word.lower().replace("ё", "е")
    near = [(distance(folded, each), number, each) for number, each in enumerate(candidates)]
    slips, _, best = min(near, default=(0, 0, None))
    return best if slips <= max(1, len(word) // 3) else None
