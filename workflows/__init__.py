"""Law as data: regimes, criteria, calendars, units, ladders. No code."""
