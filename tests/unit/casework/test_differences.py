"""What two versions of one definition say differently."""

import pytest

from casework.domain.differences import Difference, differences


def found(old: object, new: object) -> list[tuple[str, object, object]]:
    return [(one.where, one.old, one.new) for one in differences(old, new)]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ({"a": 1}, {"a": 1}, []),
        ({"a": 1}, {"a": 2}, [("/a", 1, 2)]),
        ({"a": 1}, {"a": True}, [("/a", 1, True)]),
        ({"a": 1}, {}, [("/a", 1, None)]),
        ({}, {"b": [1]}, [("/b", None, [1])]),
        ({"a": {"b": 1, "c": 2}}, {"a": {"b": 1, "c": 3}}, [("/a/c", 2, 3)]),
        ({"a": ["x", "y"]}, {"a": ["y", "x"]}, [("/a", ["x", "y"], ["y", "x"])]),
        (1, 2, [("/", 1, 2)]),
    ],
)
def test_every_place_that_differs_is_named(
    old: object, new: object, expected: list[tuple[str, object, object]]
) -> None:
    assert found(old, new) == expected


def test_rows_are_compared_by_their_names_whatever_their_order() -> None:
    old = {"rows": [{"id": "a", "text": "one"}, {"id": "b", "text": "two"}]}
    new = {"rows": [{"id": "b", "text": "three"}, {"id": "a", "text": "one"}, {"id": "c"}]}
    assert found(old, new) == [
        ("/rows/b/text", "two", "three"),
        ("/rows/c", None, {"id": "c"}),
    ]


def test_rows_of_which_two_have_the_same_name_are_compared_as_a_whole() -> None:
    old, new = [{"code": "a"}, {"code": "a"}], [{"code": "a"}]
    assert list(differences(old, new)) == [Difference(where="/", old=old, new=new)]
