"""Pages for everybody, as their readers meet them."""
