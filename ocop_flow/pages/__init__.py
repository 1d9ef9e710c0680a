"""Pages for a browser and a printer: templates filled with what the use cases answer."""
