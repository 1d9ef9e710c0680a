"""The nation at work through the application services, for the year that ``benchmarks.national_year`` measures."""
