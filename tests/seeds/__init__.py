"""What the five seed documents say, each number asserted by a test that names its seed."""
