"""A year of an office in seconds: real figures from published reports, simulated moves by the commands of the product."""
