"""Figures counted from the records: one module for each family, every one a pure function of the same facts."""
