"""The product broken on purpose: killed, locked out, filled up. A short form of each runs with the tests."""
