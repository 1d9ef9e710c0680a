"""The product through its command line alone."""
