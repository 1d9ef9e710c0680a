"""Legal regimes as files: reads, checks and resolves them, gives the effective document that dossiers are pinned to.

Nothing in a file is evaluated, imported or called: it is read as plain values, compared with a published schema, and
checked by ``domain.lint``. Files that users hand in pass through ``lint_file`` before anything else looks at them; the
packaged ones passed it when they were published.
"""

from __future__ import annotations

import copy
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, NamedTuple

from ocop_flow import criteriadata, schemafaults, yamlfile
from ocop_flow.domain import beside_kinds, canonical, overlay, parameters
from ocop_flow.domain import ladder as ladder_domain
from ocop_flow.domain import lint as lint_domain
from ocop_flow.domain.finding import Finding, finding
from ocop_flow.domain.regime_document import from_document
from ocop_flow.errors import InputInvalid, Reason, reason

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from importlib.resources.abc import Traversable

    from ocop_flow.domain.ladder import Ladder
    from ocop_flow.domain.regime import Document, Regime
    from ocop_flow.yamlfile import Located

SCHEMAS = {f"ocop-{kind}/1": kind for kind in schemafaults.KINDS}


class Problem(NamedTuple):
    """One fault of a file: ``where`` is ``file:line``; the texts of ``reason`` say what is wrong and how to mend it."""

    code: str
    where: str
    reason: Reason


def shipped() -> tuple[str, ...]:
    """Identifiers of the packaged regimes, in the order in which they came into force."""
    return tuple(_read_shipped())


def load_document(regime_id: str) -> Document:
    """A packaged regime's document, parameter references resolved, without criteria or any province's settings.

    raises  InputInvalid if there is no such regime
    """
    document, _ = parameters.resolve(_shipped(regime_id).data)
    return document


def load_regime(regime_id: str) -> Regime:
    """A packaged regime as it stands in its file; decisions on dossiers read the stored effective document instead."""
    return from_document(load_document(regime_id))


def effective(regime_id: str, province: Document | None = None) -> Document:
    """The document that dossiers are pinned to: regime, hashes of its criteria, a province's own settings.

    province  an overlay document from ``read_overlay``; None where the province has adopted none
    returns   a canonical value whose keys ``criteria`` and ``star_conditions`` (product set or set of conditions ->
              SHA-256 of its document) stand only where the regime has such
    """
    raw = _shipped(regime_id).data
    document, _ = parameters.resolve(overlay.apply(raw, province) if province is not None else raw)
    for key, hashes in (("criteria", _criteria_hashes(regime_id)), ("star_conditions", _condition_hashes(regime_id))):
        if hashes:
            document[key] = dict(hashes)
    return document


def workflow_hash(document: Document) -> str:
    """SHA-256 of the canonical JSON of an effective document, in hexadecimal."""
    return canonical.digest(document)


def ladders() -> Mapping[str, Ladder]:
    """The packaged ladders of reminders by identifier."""
    return {name: ladder_domain.from_document(located.data) for name, located in _read_ladders().items()}


def beside_groups() -> Mapping[str, beside_kinds.Group]:
    """What may be recorded beside the state, by group, without any province's own kinds."""
    return beside_kinds.groups_from(_read_beside()["kinds"].data)


def example_overlay() -> Document:
    """The shipped example of a province's own file."""
    return dict(_read_overlays()["example_province"].data)


def read_overlay(data: bytes, name: str) -> Document:
    """A province's own file, linted.

    raises  InputInvalid with every fault, each naming ``where`` it stands
    """
    problems = lint_file(data, name)
    if problems:
        raise InputInvalid(*(_placed(problem) for problem in problems))
    document: Document = yamlfile.read(data, name).data
    if document["schema"] != "ocop-overlay/1":
        raise InputInvalid(_placed(_problem(finding(("schema",), "overlay_expected"), yamlfile.read(data, name))))
    return document


def read_law(data: bytes, name: str) -> Document:
    """A regime's file, or a province's own one laid over its regime, as the effective document that it makes.

    raises  InputInvalid with every fault, each naming ``where`` it stands
    """
    problems = lint_file(data, name)
    if problems:
        raise InputInvalid(*(_placed(problem) for problem in problems))
    document: Document = yamlfile.read(data, name).data
    if document["schema"] == "ocop-overlay/1":
        return effective(document["base"], document)
    if document["schema"] != "ocop-regime/1":
        raise InputInvalid(_placed(_problem(finding(("schema",), "overlay_expected"), yamlfile.read(data, name))))
    resolved, _ = parameters.resolve(document)
    return resolved


def lint_file(data: bytes, name: str) -> list[Problem]:
    """Every fault of a workflow file (regime, province's own, ladder, kinds of records; ``schema`` says), by line.

    data    the file as it lies on disk; nothing in it is trusted
    name    shown before the line
    """
    try:
        located = yamlfile.read(data, name)
    except InputInvalid as error:
        return [_unreadable(each, name) for each in error.reasons]
    return _problems(_findings(located), located)


def lint_shipped() -> list[Problem]:
    """Every fault of the packaged files, each alone and the regimes side by side."""
    problems: list[Problem] = []
    files = (_read_shipped(), _read_ladders(), _read_overlays(), _read_beside())
    for located in (each for folder in files for each in folder.values()):
        problems += _problems(_findings(located), located)
    if not problems:
        for regime_id, found in lint_domain.lint_family([load_regime(name) for name in shipped()]):
            problems += _problems([found], _shipped(regime_id))
    return problems


def _findings(located: Located) -> list[Finding]:
    document = located.data
    kind = SCHEMAS.get(str(document.get("schema"))) if isinstance(document, dict) else None
    if kind == "regime":
        return _regime_findings(document)
    if kind == "overlay":
        return schemafaults.findings(kind, document) or _overlay_findings(document)
    if kind == "ladder":
        return schemafaults.findings(kind, document) or ladder_domain.lint(document)
    if kind == "beside":
        return schemafaults.findings(kind, document) or beside_kinds.lint(document)
    return [finding(("schema",), "workflow_schema_unknown", known=", ".join(SCHEMAS))]


def _regime_findings(raw: Document) -> list[Finding]:
    """Form first; what the whole means is asked only of a document that has it."""
    document, missing = parameters.resolve(raw)
    form = schemafaults.findings("regime", raw) or _form_of_changes(document, raw)
    found = [*parameters.faults(raw), *missing, *form]
    if found:
        return found
    meaning = _meaning(document)
    return [*meaning, *_choices_findings(raw, meaning)]


def _meaning(document: Document) -> list[Finding]:
    known = _criteria(document["id"]) if document["id"] in shipped() else None
    return lint_domain.lint(document, ladders=tuple(_read_ladders()), criteria=known)


def _choices_findings(raw: Document, already: list[Finding]) -> Iterator[Finding]:
    """Every answer that a province may choose leaves a sound regime: each is tried."""
    for path, parameter in parameters.declared(raw).values():
        for index, choice in enumerate(parameter.get("choices", ())):
            if choice != parameter["value"]:
                tried = copy.deepcopy(raw)
                tried["parameters"][path[1]]["value"] = choice
                for found in _resolved_findings(tried, raw):
                    if found not in already:
                        yield Finding((*path, "choices", index), found.reason)


def _resolved_findings(raw: Document, checked: Document) -> list[Finding]:
    document, _ = parameters.resolve(raw)
    return _form_of_changes(document, checked) or _meaning(document)


def _form_of_changes(document: Document, checked: Document) -> list[Finding]:
    """Faults of form in what differs from a document that has none; the whole would take ten times as long."""
    changed = {key: value for key, value in document.items() if value != checked.get(key)}
    # What has not changed is not missing.
    return [each for each in schemafaults.findings("regime", changed) if each.path]


def _overlay_findings(document: Document) -> list[Finding]:
    if document["base"] not in shipped():
        return [finding(("base",), "overlay_base_unknown", base=document["base"], known=", ".join(shipped()))]
    base = _shipped(document["base"]).data
    found = list(overlay.faults(base, document, ladders()))
    found += beside_kinds.own_faults(beside_groups(), document.get("beside", {}))
    if found:
        return found
    # What the province's settings make of the whole has no line of its own in its file.
    applied = {key: value for key, value in overlay.apply(base, document).items() if key != overlay.ADOPTED}
    return [Finding((), each.reason) for each in _resolved_findings(applied, base)]


def _problems(found: list[Finding], located: Located) -> list[Problem]:
    ordered = sorted(found, key=lambda each: located.line(each.path))
    return [_problem(each, located) for each in ordered]


def _problem(found: Finding, located: Located) -> Problem:
    return Problem(found.reason.code, f"{located.name}:{located.line(found.path)}", found.reason)


def _unreadable(found: Reason, name: str) -> Problem:
    return Problem(found.code, f"{name}:{found.params.get('line', 1)}", found)


def _placed(problem: Problem) -> Reason:
    """The problem's reason with its place among the parameters, for an error that lists reasons alone."""
    inner = problem.reason
    return Reason(inner.code, {**inner.params, "where": problem.where}, inner.source, inner.mark)


def _folder() -> Traversable:
    return resources.files("ocop_flow.workflows")


def _read_folder(folder: Traversable, prefix: str) -> dict[str, Located]:
    if not folder.is_dir():
        return {}
    files = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".yaml"))
    return {name.removesuffix(".yaml"): yamlfile.read((folder / name).read_bytes(), prefix + name) for name in files}


@cache
def _read_shipped() -> dict[str, Located]:
    """Regime files by identifier, oldest first; the file is named after the identifier."""
    found = _read_folder(_folder(), "workflows/")
    return dict(sorted(found.items(), key=lambda item: (item[1].data["effective_from"] or "", item[0])))


@cache
def _read_ladders() -> dict[str, Located]:
    return _read_folder(_folder() / "ladders", "workflows/ladders/")


@cache
def _read_beside() -> dict[str, Located]:
    return _read_folder(_folder() / "beside", "workflows/beside/")


@cache
def _read_overlays() -> dict[str, Located]:
    return _read_folder(_folder() / "overlays", "workflows/overlays/")


def _shipped(regime_id: str) -> Located:
    found = _read_shipped()
    if regime_id not in found:
        raise InputInvalid(reason("regime_unknown", regime=regime_id, known=", ".join(found)))
    return found[regime_id]


@cache
def _criteria(regime_id: str) -> tuple[lint_domain.CriteriaSummary, ...]:
    sets = (criteriadata.load_set(regime_id, name) for name in criteriadata.product_sets(regime_id))
    return tuple(
        lint_domain.CriteriaSummary(each.id, each.part_maxima, each.sums_ok, each.takes_part_totals_only)
        for each in sets
    )


@cache
def _criteria_hashes(regime_id: str) -> dict[str, str]:
    sets = criteriadata.product_sets(regime_id)
    return {name: canonical.digest(criteriadata.load_set(regime_id, name).document) for name in sets}


@cache
def _condition_hashes(regime_id: str) -> dict[str, str]:
    return {each.id: canonical.digest(each.document) for each in criteriadata.load_conditions(regime_id)}
