"""One file that holds everything: database, stored files, and what both must add up to."""
