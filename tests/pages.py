"""What every page of the staff costs before it does anything of its own."""

# The user, the roles held today, and the session kept alive (savepoint, update, release): the
# first page in a minute.
SIGNED_IN = 5
# Every further page in that minute.
SIGNED_IN_BEFORE = 2
