"""Recognitions from dossiers and declared certificates: one product stays one through renewals and re-issues."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ocop_flow.domain.beside import EMPTY
from ocop_flow.domain.figures.facts import Recognition

if TYPE_CHECKING:
    from ocop_flow.domain.dossier import Dossier
    from ocop_flow.domain.figures.place import Place, Places
    from ocop_flow.domain.registry import DeclaredCertificate

#: A dossier that stands so was recognised; elsewhere a certificate is left from a decision that was annulled.
_RECOGNISED = ("promotion.", "closed.expired", "closed.revoked", "closed.replaced")


@dataclass(frozen=True, slots=True)
class Declared:
    """A declared certificate; ``replaces``: the number in whose place it was issued anew; ``gone``: itself was."""

    fold: DeclaredCertificate
    number: str
    replaces: str | None
    gone: bool


def recognitions(dossiers: Iterable[Dossier], declared: Iterable[Declared], places: Places) -> tuple[Recognition, ...]:
    """Every recognition, oldest dossier first; what re-issues and corrections replaced is the same recognition."""
    cases = {each.code: each for each in dossiers}
    papers = {each.number: each for each in declared}
    chains = Chains(cases, papers)
    found = [_issued(each, chains, places) for each in cases.values() if recognised(each)]
    found += [_declared(each, chains, places) for each in papers.values() if not each.gone]
    return tuple(found)


def recognised(dossier: Dossier) -> bool:
    """Also while the province rates it again by order: the recognition stands until the new decision."""
    held = dossier.certificate
    return held is not None and (held.status == "valid" or dossier.state.startswith(_RECOGNISED))


class Chains:
    """Who comes after whom: dossiers by the certificate they start from."""

    def __init__(self, cases: Mapping[str, Dossier], papers: Mapping[str, Declared]) -> None:
        self._papers = papers
        self._holder = {
            each.number: dossier
            for dossier in cases.values()
            if dossier.certificate is not None
            for each in (*dossier.earlier_certificates, dossier.certificate)
        }

    def product(self, dossier: Dossier) -> str:
        """The product at the beginning of the chain that a dossier stands in."""
        seen: set[str] = set()
        while dossier.previous and dossier.code not in seen:
            seen.add(dossier.code)
            if dossier.previous in self._papers:
                return self.declared_product(self._papers[dossier.previous])
            if dossier.previous not in self._holder:
                break
            dossier = self._holder[dossier.previous]
        return dossier.product

    def declared_product(self, paper: Declared) -> str:
        """Where the commune is not known there is no product of ours: the first certificate stands for it."""
        while paper.replaces and paper.replaces in self._papers:
            paper = self._papers[paper.replaces]
        return paper.fold.product_code if paper.fold.product_code != "-" else paper.number

    def stars_before(self, dossier: Dossier) -> int | None:
        previous = dossier.previous or ""
        if previous in self._papers:
            return self._papers[previous].fold.stars
        earlier = self._holder.get(previous)
        return earlier.certificate.stars if earlier and earlier.certificate else None


def _issued(dossier: Dossier, chains: Chains, places: Places) -> Recognition:
    certificate = dossier.certificate
    if certificate is None:
        raise ValueError(f"{dossier.code}: no certificate")
    return Recognition(
        number=certificate.number,
        product=chains.product(dossier),
        product_name=certificate.product_name or dossier.product_name,
        product_set=dossier.product_set,
        entity=certificate.entity or dossier.entity,
        entity_kind=dossier.entity_kind,
        stars=certificate.stars,
        issued_on=dossier.first_recognised or certificate.issued_on,
        valid_to=certificate.valid_to,
        ended_on=certificate.status_on if certificate.status != "valid" else None,
        kind=dossier.kind,
        track=dossier.track,
        before=chains.stars_before(dossier),
        units=place(dossier, places),
        dossier=dossier.code,
        margin=EMPTY,
        issuer=certificate.issuer_code,
    )


def _declared(paper: Declared, chains: Chains, places: Places) -> Recognition:
    """One whose commune is not known lies with its issuer."""
    fold = paper.fold
    issuer = fold.issuer["code"] if fold.issuer else None
    return Recognition(
        number=fold.number,
        product=chains.declared_product(paper),
        product_name=fold.product_name,
        product_set=fold.product_set,
        entity=fold.entity_code if fold.entity_code != "-" else f"{fold.entity_name}|{issuer}",
        entity_kind=fold.entity_kind,
        stars=fold.stars,
        issued_on=fold.issued_on,
        valid_to=fold.valid_to,
        ended_on=fold.status_on if fold.status != "valid" else None,
        kind="declared",
        track=None,
        before=None,
        units=places.of(places.life(fold.commune or issuer, fold.issued_on)),
        dossier=None,
        margin=fold.margin,
        issuer=issuer,
    )


def place(dossier: Dossier, places: Places) -> Place:
    """In the commune that it lay in on the map's day, if it did; else by what came before or after its own."""
    held = [(dossier.commune, dossier.commune_from)]
    held += [(each.code, each.valid_from) for each in reversed(dossier.former)]
    lives = [unit for code, first in held for unit in places.tree.lives(code) if unit.valid_from == first]
    fitting = next((unit for unit in lives if unit.valid_on(places.day)), None)
    return places.of(fitting or (lives[0] if lives else None))
