"""Use cases by noun: one function, one transaction, through the ports only."""
