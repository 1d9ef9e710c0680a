"""Launcher for a checkout: ``python cli.py …`` is ``ocop …``. Not installed."""

from __future__ import annotations

from ocop_flow.cli import main

if __name__ == "__main__":
    main()
