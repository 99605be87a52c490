"""Made-up languages: as many words as a newsroom uses, some of them often, most of them seldom."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from itertools import accumulate

NUMBER = 30_000


@dataclass
class Vocabulary:
    """``words`` from the commonest to the rarest; how often each comes falls as Zipf says."""

    words: list[str]
    cumulated: list[float] = field(init=False)

    def __post_init__(self) -> None:
        # Stop words left out, the commonest word of a newsroom is in a third of its articles.
        self.cumulated = list(accumulate(1 / (rank + 60) for rank in range(len(self.words))))

    @classmethod
    def english(cls, chance: random.Random) -> Vocabulary:
        return cls(_made_up(chance, "bcdfghklmnprstvw", "aeiou", ["", "s", "er", "ing", "tion"]))

    @classmethod
    def russian(cls, chance: random.Random) -> Vocabulary:
        return cls(_made_up(chance, "бвгдзклмнпрст", "аеиоуы", ["", "а", "ов", "ский", "ния"]))

    def text(self, chance: random.Random, number: int) -> str:
        return " ".join(chance.choices(self.words, cum_weights=self.cumulated, k=number))

    def title(self, chance: random.Random) -> str:
        """Eight words, of which three are chosen for what they say: rarer ones."""
        usual = chance.choices(self.words, cum_weights=self.cumulated, k=5)
        words = [*usual, *chance.choices(self.words[500:], k=3)]
        chance.shuffle(words)
        return " ".join(words).capitalize()


def _made_up(chance: random.Random, consonants: str, vowels: str, endings: list[str]) -> list[str]:
    found: dict[str, None] = {}
    while len(found) < NUMBER:
        syllables = (chance.choice(consonants) + chance.choice(vowels) for _ in range(3))
        stem = "".join(syllables)[: chance.choice((4, 5, 6))]
        found[stem + chance.choice(endings)] = None
    return list(found)
