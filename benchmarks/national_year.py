"""A year of the nation through the application services in one process, and what it leaves in the database.

``python -m benchmarks.national_year [--scale 1|10|100 | --growth | --quick] [--dossiers N] [--db URL]``

2028 under 26/2026/QĐ-TTg: 34 provinces, 3,321 communes, 5,000 officials, provincial councils of nine, 9,000 dossiers of
all kinds, half of them filed in the last eight days of April, June, October and December. Re-ratings and upgrades start
from certificates declared on the first day; a re-rating is filed in its window and judged by written opinions. Every
command is decided, appended and committed by itself, but for score sheets, which are keyed in groups as an import is.
On each morning reminders are found and given to a way out that keeps nothing.

``--scale 10`` and ``100`` put a history before the year (``benchmarks.nation.past_years``): so many times the dossiers
of the nation in all. ``--dossiers`` makes the measured year shorter, not the history. ``--growth`` runs the three
scales, each in a database of its own, and prints how each figure grows. ``--quick`` is half a percent of everything
with a small history, to see that it runs and that a check and a replay find all of it whole.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from benchmarks.nation.growth import growth
from benchmarks.nation.measuring import DOSSIERS, SCALES, Wanted, measured
from benchmarks.nation.tables import growth_table, shown
from ocop_flow.config import Settings, url_of

#: What ``--quick`` makes of dossiers and officials, and the history it has.
QUICK_DOSSIERS, QUICK_OFFICIALS, QUICK_FIRST, QUICK_HISTORY = 30, 500, 20, 100


def main() -> int:
    given = _parser().parse_args()
    os.environ.pop("OCOP_NOW", None)
    if given.quick:
        wanted = Wanted(QUICK_DOSSIERS, QUICK_OFFICIALS, QUICK_HISTORY, QUICK_FIRST)
    else:
        wanted = Wanted(given.dossiers, past=(given.scale - 1) * DOSSIERS, jobs=given.jobs)
    wanted = replace(wanted, verify=given.scale <= given.verify_up_to, replay=given.scale <= given.replay_up_to)
    if given.growth:
        every = growth(given.db, wanted, given.verify_up_to, given.replay_up_to)
        text = json.dumps(every, indent=1, ensure_ascii=False) if given.json else growth_table(every)
    else:
        with tempfile.TemporaryDirectory() as folder:
            url = url_of(given.db or str(Path(folder) / "ocop.db"))
            every = [measured(Settings(url, "vi", None, None), wanted)]
        text = json.dumps(every[0], indent=1, ensure_ascii=False) if given.json else shown(every[0])
    sys.stdout.write(text + "\n")
    return 0 if all(each["ok"] for each in every) else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--scale", type=int, choices=SCALES, default=1)
    parser.add_argument("--growth", action="store_true", help="the three scales one after the other, and one table")
    parser.add_argument("--dossiers", type=int, default=DOSSIERS, help="of the measured year")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument(
        "--db", help="an empty database, with --growth one on a server; a file in a temporary folder by default"
    )
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="processes of the check")
    parser.add_argument("--verify-up-to", type=int, default=100, metavar="SCALE", help="check the log up to a scale")
    parser.add_argument("--replay-up-to", type=int, default=1, metavar="SCALE", help="replay the log up to a scale")
    parser.add_argument("--json", action="store_true")
    return parser


if __name__ == "__main__":
    sys.exit(main())
