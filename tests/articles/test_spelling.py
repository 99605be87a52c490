"""How far two spellings are apart."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.spelling import closest, distance

words = st.text("abcя", max_size=8)


@pytest.mark.parametrize(
    ("one", "other", "slips"),
    [
        ("water", "water", 0),
        ("water", "watr", 1),
        ("watr", "water", 1),
        ("water", "wafer", 1),
        ("water", "watre", 1),
        ("маршрудка", "маршрутка", 1),
        ("", "abc", 3),
        ("kitten", "sitting", 3),
    ],
)
def test_it_works(one: str, other: str, slips: int) -> None:
    assert distance(one, other) == slips


@given(words, words)
def test_it_is_a_distance(one: str, other: str) -> None:
    assert distance(one, other) == distance(other, one)
    assert (distance(one, other) == 0) == (one == other)
    assert abs(len(one) - len(other)) <= distance(one, other) <= max(len(one), len(other))


@given(words, st.integers(0, 7))
def test_one_slip_is_one(word: str, place: int) -> None:
    assert distance(word, word[:place] + "z" + word[place:]) == 1


def test_the_closest_is_chosen_and_the_earlier_of_equals() -> None:
    assert closest("watr", ["later", "water", "waters"]) == "water"
    assert closest("watr", ["watra", "water"]) == "watra"
    assert closest("Счёт", ["счета"]) == "счета"


@pytest.mark.parametrize(("word", "far"), [("dam", "mud"), ("water", "waiter ties"), ("x", "")])
def test_what_is_too_far_is_not_meant(word: str, far: str) -> None:
    assert closest(word, [far] if far else []) is None
