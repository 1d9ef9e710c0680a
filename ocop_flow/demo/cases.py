"""The dossiers of the demo before anything happens: whose they are, and how their year will go. Drawn from a seed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from random import Random

from ocop_flow.domain.units import Unit

#: How the year of about so many of every 80 dossiers goes; all others are recognised with three stars. The shares are
#: invented: no report gives them. Each that is named is met at least once.
SHARES: Mapping[str, int] = {
    "five_stars": 1,
    "five_stars_missed": 2,
    "at_the_centre": 1,
    "four_stars": 10,
    "minimum_missed": 4,
    "weak_at_district": 4,
    "weak_at_province": 2,
    "against_the_rules": 1,
    "rejected": 2,
    "withdrawn": 3,
    "left_in_proposal": 1,
    "left_at_intake": 1,
    "left_in_supplement": 3,
}
#: A share of a course is met only about.
_ABOUT = (0.6, 1.4)
_THREE_STARS = "three_stars"
#: Fewest dossiers with which every course of events is shown.
FEWEST = sum(1 for _ in SHARES) + 3
#: Courses that go through the six steps from an idea, and courses that may.
_ONLY_NEW = ("left_in_proposal",)
_ONLY_EXISTING = ("left_at_intake", "five_stars", "five_stars_missed", "at_the_centre", "rejected")
#: Points (whole numbers) by course: at the district and, where it comes so far, at the province and the centre.
_POINTS: Mapping[str, tuple[tuple[int, int], ...]] = {
    "three_stars": ((52, 69), (51, 68)),
    "four_stars": ((70, 84), (70, 86)),
    "minimum_missed": ((66, 80), (71, 80)),
    "five_stars": ((86, 93), (90, 95), (90, 94)),
    "five_stars_missed": ((86, 93), (90, 94), (80, 88)),
    "at_the_centre": ((86, 93), (90, 94)),
    "weak_at_district": ((34, 49),),
    "weak_at_province": ((50, 55), (42, 49)),
    "against_the_rules": ((48, 49), (53, 58)),
}
#: How many of all dossiers each tier returns for supplement: invented, as all shares.
_RETURNED = {"intake": 0.22, "district": 0.08, "province": 0.10}
_KINDS = ("household", "household", "household", "cooperative", "cooperative", "enterprise", "sme", "cooperative_group")
#: Product sets of 1048/QĐ-TTg to which its star minima (781/QĐ-TTg) apply; which products there were is not reported.
SETS = (
    "fresh_vegetables_fruit",
    "fresh_meat_egg_milk",
    "honey_products",
    "fast_food",
    "processed_rice_cereals",
    "processed_vegetables_fruit",
    "processed_meat_egg_milk",
    "processed_seafood",
    "liquid_condiments_fish_sauce",
    "other_spices",
    "tea_fresh_processed",
    "white_spirit",
    "other_alcoholic_drinks",
)


@dataclass
class Case:
    """One dossier to come.

    course   how its year goes, a key of SHARES or ``three_stars``
    points   whole points at district, province, centre, as far as it comes
    slow     its papers come late: it misses the sitting in time
    returned tiers that return it once for supplement
    paper    its first acts are done on paper and typed later
    random   the dossier's own source of chance, so that one dossier never shifts another's
    """

    number: int
    commune: Unit
    district: Unit
    track: str
    entity_kind: str
    product_set: str
    course: str
    points: tuple[int, ...]
    slow: bool
    returned: frozenset[str]
    paper: bool
    random: Random = field(compare=False)
    code: str = ""

    @property
    def product(self) -> str:
        return f"Sản phẩm {self.number:03d} (giả định)"

    @property
    def entity(self) -> str:
        return f"Cơ sở {self.number:03d} (giả định)"


def draw(seed: int, count: int, communes: Sequence[tuple[Unit, Unit]]) -> list[Case]:
    """``count`` dossiers, each of another commune of (commune, district) while there are enough; same seed, same list.

    raises  ValueError if there are too few to show every course of events
    """
    if count < FEWEST:
        raise ValueError(f"at least {FEWEST} dossiers")
    random = Random(f"ocop demo {seed}")
    places = _spread(random, count, communes)
    courses = _courses(random, count)
    drawn = enumerate(zip(places, courses, strict=True), start=1)
    return [_case(seed, number, place, course) for number, (place, course) in drawn]


def _spread(random: Random, count: int, communes: Sequence[tuple[Unit, Unit]]) -> list[tuple[Unit, Unit]]:
    """Every district in turn, so that each has its share; communes in chance order."""
    waiting: dict[str, list[tuple[Unit, Unit]]] = {}
    for place in communes:
        waiting.setdefault(place[1].code, []).append(place)
    for places in waiting.values():
        random.shuffle(places)
    found: list[tuple[Unit, Unit]] = []
    while len(found) < count:
        for places in waiting.values():
            places.append(places.pop(0))
            found.append(places[-1])
    return found[:count]


def _courses(random: Random, count: int) -> list[str]:
    shares = {course: round(share * count / 80 * random.uniform(*_ABOUT)) for course, share in SHARES.items()}
    named = [course for course, number in shares.items() for _ in range(max(1, number))]
    courses = [*named, *[_THREE_STARS] * (count - len(named))]
    random.shuffle(courses)
    return courses


def _case(seed: int, number: int, place: tuple[Unit, Unit], course: str) -> Case:
    random = Random(f"ocop demo {seed} dossier {number}")
    new = course in _ONLY_NEW or (course not in _ONLY_EXISTING and random.random() < 0.25)
    returned = {tier for tier, share in _RETURNED.items() if random.random() < share}
    if course == "left_in_supplement":
        returned.add("intake")
    return Case(
        number=number,
        commune=place[0],
        district=place[1],
        track="new_product" if new else "existing_product",
        entity_kind=random.choice(_KINDS),
        product_set=random.choice(SETS),
        course=course,
        points=tuple(random.randint(*span) for span in _POINTS.get(course, ())),
        slow=course not in _ONLY_EXISTING and random.random() < 0.08,
        returned=frozenset(returned),
        paper=random.random() < 0.15,
        random=random,
    )
