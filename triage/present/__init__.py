"""Domain values to words, rows and series; the room where sentences live."""
