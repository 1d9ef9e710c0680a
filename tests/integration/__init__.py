"""The product against real files and databases."""
