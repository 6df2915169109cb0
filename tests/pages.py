"""What every page of the staff costs before it does anything of its own."""

# The user, the roles held today, and the session kept alive (savepoint, update, release).
SIGNED_IN = 5
