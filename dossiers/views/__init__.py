"""The dossiers' screens, by group."""
