"""The web doors: an API for terminals and other systems, and plain pages for people."""
