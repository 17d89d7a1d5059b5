"""The sergeant's full-screen desk, by keyboard alone."""
