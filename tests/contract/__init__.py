"""Every JSON document held to the contract."""
