"""Tests are specifications: the name is the rule, the docstring its source."""
