"""Message catalogue and templates. No code."""
