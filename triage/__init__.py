"""Custody Triage: needs, reasons, routes and clocks for people in police custody."""
