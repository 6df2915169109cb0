"""Screens of figures and of reports, by group."""
