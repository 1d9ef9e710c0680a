"""The Merkle tree of RFC 6962 over the order of the log: roots, compact ranges, inclusion and consistency proofs.

A subtree is named by its level and its number on that level: (0, 5) is the sixth leaf, (1, 2) covers leaves 4 and 5.
A compact range of ``size`` leaves is the list of the roots of its complete subtrees, largest first: one for each bit
of ``size``. With it a tree grows by any number of leaves without hashing the earlier ones again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from typing import Final

#: Root of the empty tree.
EMPTY_ROOT: Final = hashlib.sha256(b"").digest()
#: Gives the root of a complete subtree: (level, number) -> 32 bytes.
Node = Callable[[int, int], bytes]


def leaf_hash(data: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def complete_root(nodes: Sequence[bytes]) -> bytes:
    """Root over a power of two of nodes of one level."""
    level = nodes
    sha = hashlib.sha256
    while len(level) > 1:
        level = [sha(b"\x01" + level[i] + level[i + 1]).digest() for i in range(0, len(level), 2)]
    return level[0]


def extend(peaks: Sequence[bytes], size: int, nodes: Iterable[bytes], level: int = 0) -> list[bytes]:
    """The compact range after ``size`` leaves, grown by subtrees of one level; ``size`` is a multiple of theirs."""
    grown, count = list(peaks), size >> level
    for node in nodes:
        count += 1
        carry, merged = count, node
        while carry % 2 == 0:
            merged = node_hash(grown.pop(), merged)
            carry >>= 1
        grown.append(merged)
    return grown


def root(peaks: Sequence[bytes]) -> bytes:
    """The root of a tree from its compact range."""
    if not peaks:
        return EMPTY_ROOT
    found = peaks[-1]
    for peak in reversed(peaks[:-1]):
        found = node_hash(peak, found)
    return found


def inclusion(index: int, size: int, node: Node) -> list[bytes]:
    """The audit path of leaf ``index`` in a tree of ``size`` leaves, from the leaf upwards (RFC 6962, 2.1.1).

    raises  ValueError unless 0 <= index < size
    """
    if not 0 <= index < size:
        raise ValueError(f"no leaf {index} among {size}")
    return _path(index, 0, size, node)


def consistency(old: int, new: int, node: Node) -> list[bytes]:
    """The proof that a tree of ``old`` leaves is the beginning of one of ``new`` (RFC 6962, 2.1.2).

    raises  ValueError unless 0 < old <= new
    """
    if not 0 < old <= new:
        raise ValueError(f"no proof from {old} to {new}")
    return _subproof(old, 0, new, node, whole=True)


def included(leaf: bytes, index: int, size: int, proof: Sequence[bytes], expected: bytes) -> bool:
    """Whether ``proof`` shows that the leaf with this hash is the ``index``-th of the tree with root ``expected``."""
    if not 0 <= index < size:
        return False
    position, last, found = index, size - 1, leaf
    for step in proof:
        if last == 0:
            return False
        if position % 2 or position == last:
            found = node_hash(step, found)
            while position % 2 == 0 and position:
                position, last = position >> 1, last >> 1
        else:
            found = node_hash(found, step)
        position, last = position >> 1, last >> 1
    return last == 0 and found == expected


def consistent(old: int, new: int, proof: Sequence[bytes], old_root: bytes, new_root: bytes) -> bool:
    """Whether ``proof`` shows that the tree with ``old_root`` is the beginning of the one with ``new_root``."""
    if not 0 < old <= new:
        return False
    if old == new:
        return not proof and old_root == new_root
    steps = list(proof) if old & (old - 1) else [old_root, *proof]
    if not steps:
        return False
    position, last = old - 1, new - 1
    while position % 2:
        position, last = position >> 1, last >> 1
    first = second = steps[0]
    for step in steps[1:]:
        if last == 0:
            return False
        if position % 2 or position == last:
            first, second = node_hash(step, first), node_hash(step, second)
            while position % 2 == 0 and position:
                position, last = position >> 1, last >> 1
        else:
            second = node_hash(second, step)
        position, last = position >> 1, last >> 1
    return last == 0 and first == old_root and second == new_root


def _split(size: int) -> int:
    """The largest power of two below ``size``."""
    return 1 << (size - 1).bit_length() - 1


def _subtree(start: int, size: int, node: Node) -> bytes:
    """Root over leaves [start, start + size), which begin a complete subtree at least as large."""
    if size & (size - 1) == 0:
        level = size.bit_length() - 1
        return node(level, start >> level)
    left = _split(size)
    return node_hash(_subtree(start, left, node), _subtree(start + left, size - left, node))


def _path(index: int, start: int, size: int, node: Node) -> list[bytes]:
    if size == 1:
        return []
    left = _split(size)
    if index < left:
        return [*_path(index, start, left, node), _subtree(start + left, size - left, node)]
    return [*_path(index - left, start + left, size - left, node), _subtree(start, left, node)]


def _subproof(old: int, start: int, size: int, node: Node, *, whole: bool) -> list[bytes]:
    if old == size:
        return [] if whole else [_subtree(start, size, node)]
    left = _split(size)
    if old <= left:
        return [*_subproof(old, start, left, node, whole=whole), _subtree(start + left, size - left, node)]
    return [
        *_subproof(old - left, start + left, size - left, node, whole=False),
        _subtree(start, left, node),
    ]
