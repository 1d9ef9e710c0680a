"""Papers for Word: documents built from what the use cases answer."""
