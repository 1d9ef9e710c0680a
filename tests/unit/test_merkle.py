"""The Merkle tree against RFC 6962 and a naive recursive reading of its definitions."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ocop_flow.domain import merkle

#: The leaves and roots of the reference implementation (google/certificate-transparency, merkletree tests).
VECTOR_LEAVES = [bytes.fromhex(text) for text in (
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
)]  # fmt: skip
VECTOR_ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def naive_root(leaves: list[bytes]) -> bytes:
    """MTH of RFC 6962, 2.1, word for word."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return hashlib.sha256(b"\0" + leaves[0]).digest()
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return hashlib.sha256(b"\1" + naive_root(leaves[:k]) + naive_root(leaves[k:])).digest()


def naive_path(m: int, leaves: list[bytes]) -> list[bytes]:
    """PATH of RFC 6962, 2.1.1."""
    if len(leaves) == 1:
        return []
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    if m < k:
        return [*naive_path(m, leaves[:k]), naive_root(leaves[k:])]
    return [*naive_path(m - k, leaves[k:]), naive_root(leaves[:k])]


def naive_subproof(m: int, leaves: list[bytes], b: bool) -> list[bytes]:
    """SUBPROOF of RFC 6962, 2.1.2."""
    if m == len(leaves):
        return [] if b else [naive_root(leaves)]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    if m <= k:
        return [*naive_subproof(m, leaves[:k], b), naive_root(leaves[k:])]
    return [*naive_subproof(m - k, leaves[k:], False), naive_root(leaves[:k])]


def leaves_of(count: int) -> list[bytes]:
    return [b"leaf %d" % number for number in range(count)]


def node_of(leaves: list[bytes]) -> Callable[[int, int], bytes]:
    return lambda level, number: naive_root(leaves[number << level : (number + 1) << level])


@pytest.mark.parametrize("size", range(1, 9))
def test_roots_are_those_of_the_reference_implementation(size: int) -> None:
    """The vectors published with RFC 6962's reference code."""
    hashed = [merkle.leaf_hash(leaf) for leaf in VECTOR_LEAVES[:size]]
    assert merkle.root(merkle.extend([], 0, hashed)).hex() == VECTOR_ROOTS[size - 1]
    assert merkle.root([]) == naive_root([])


@given(st.integers(0, 300), st.integers(0, 300))
def test_a_compact_range_grows_to_the_root_of_the_whole(first: int, more: int) -> None:
    """Growing in two steps, the second without the leaves of the first, gives MTH of all."""
    leaves = leaves_of(first + more)
    hashed = [merkle.leaf_hash(leaf) for leaf in leaves]
    peaks = merkle.extend(merkle.extend([], 0, hashed[:first]), first, hashed[first:])
    assert merkle.root(peaks) == naive_root(leaves)
    assert len(peaks) == (first + more).bit_count()


@given(st.integers(0, 6), st.integers(0, 40), st.integers(0, 5))
def test_whole_subtrees_are_added_at_once(whole: int, rest: int, level: int) -> None:
    """Subtrees of one level, then single leaves, as the stored tiles are used."""
    leaves = leaves_of((whole << level) + rest)
    hashed = [merkle.leaf_hash(leaf) for leaf in leaves]
    tiles = [merkle.complete_root(hashed[n << level : (n + 1) << level]) for n in range(whole)]
    peaks = merkle.extend([], 0, tiles, level)
    assert merkle.root(merkle.extend(peaks, whole << level, hashed[whole << level :])) == naive_root(leaves)


@pytest.mark.parametrize("size", range(1, 34))
def test_inclusion_proofs_are_those_of_the_rfc_and_hold_for_nothing_else(size: int) -> None:
    """Every leaf of every tree; a wrong index, size, leaf, root or step breaks the proof."""
    leaves = leaves_of(size)
    whole = naive_root(leaves)
    for index in range(size):
        proof = merkle.inclusion(index, size, node_of(leaves))
        leaf = merkle.leaf_hash(leaves[index])
        assert proof == naive_path(index, leaves)
        assert merkle.included(leaf, index, size, proof, whole)
        assert not merkle.included(leaf, index, size, [*proof, whole], whole)
        assert not merkle.included(merkle.leaf_hash(b"x"), index, size, proof, whole)
        assert not merkle.included(leaf, index, size, proof, leaf[::-1])
        assert not any(merkle.included(leaf, other, size, proof, whole) for other in range(size) if other != index)
        assert not proof or not merkle.included(leaf, index, size, proof[:-1], whole)
    with pytest.raises(ValueError, match="no leaf"):
        merkle.inclusion(size, size, node_of(leaves))


@settings(deadline=None)
@given(st.integers(1, 70), st.integers(0, 70))
def test_consistency_proofs_are_those_of_the_rfc_and_hold_for_nothing_else(old: int, more: int) -> None:
    """From any size to any later one; another old root, new root or size breaks the proof."""
    new = old + more
    leaves = leaves_of(new)
    first, second = naive_root(leaves[:old]), naive_root(leaves)
    proof = merkle.consistency(old, new, node_of(leaves))
    assert proof == naive_subproof(old, leaves, True)
    assert merkle.consistent(old, new, proof, first, second)
    assert not merkle.consistent(old, new, proof, second[::-1], second)
    assert not merkle.consistent(old, new, proof, first, second[::-1])
    assert not merkle.consistent(old, new, [*proof, first], first, second)
    assert not any(merkle.consistent(size, new, proof, first, second) for size in range(1, new + 1) if size != old)
