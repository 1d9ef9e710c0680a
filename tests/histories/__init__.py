"""Recorded logs, frozen: today's code replays them to the same folds, hashes and verdicts."""
