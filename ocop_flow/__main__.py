"""``python -m ocop_flow`` is ``ocop``."""

from __future__ import annotations

from ocop_flow.cli import main

if __name__ == "__main__":
    main()
