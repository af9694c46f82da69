"""Names: form and identity (4.1, 4.2), held to the golden vectors."""

from __future__ import annotations

from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.names import canonical, identity
from spec import vectors
from spec.vectors import NameVector

NAMES = vectors.load().name


@pytest.mark.parametrize("vector", NAMES, ids=lambda vector: ascii(vector.name))
def test_a_name_is_valid_exactly_when_the_vector_says_so(vector: NameVector) -> None:
    assert (canonical(vector.name) is not None) == vector.valid


@pytest.mark.parametrize("vector", NAMES, ids=lambda vector: ascii(vector.name))
def test_names_are_the_same_exactly_when_the_vector_says_so(vector: NameVector) -> None:
    assert {identity(other) for other in vector.same_as} <= {identity(vector.name)}
    assert identity(vector.name) not in {identity(other) for other in vector.different_from}


@given(st.text())
def test_the_form_that_is_shown_is_composed_and_valid_again(claim: str) -> None:
    name = canonical(claim)
    if name is not None:
        assert name == normalize("NFC", claim) == canonical(name)


@given(st.text())
def test_no_valid_name_can_disturb_a_line(claim: str) -> None:
    name = canonical(claim)
    if name is not None:
        assert not set(name) & set("*![]:/, \t\r\n")
        assert name.isprintable()


def test_the_longest_claim_that_composes_to_a_name_is_taken() -> None:
    char = "\u1f82"  # one of the few that four code points compose to
    assert len(normalize("NFD", char)) == 4
    assert canonical(normalize("NFD", char * 20)) == char * 20
    assert canonical(normalize("NFD", char * 20) + "a") is None
