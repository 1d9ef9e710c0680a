"""A year of an office in seconds: figures that reports give, and simulated moves by the commands of the product."""
