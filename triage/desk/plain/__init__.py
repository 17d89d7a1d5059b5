"""The whole desk by lines: for a braille line or a screen reader, a pipe, a bad link."""
