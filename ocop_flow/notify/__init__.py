"""Messages rendered and sent."""
