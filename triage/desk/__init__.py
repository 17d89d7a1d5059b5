"""The sergeant's terminal: it asks the service through one client and knows no record."""
