"""Papers made from the record, looked at as documents and as pictures."""
