"""Workflow files against the law, the schema and the linter."""
