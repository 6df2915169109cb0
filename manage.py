#!/usr/bin/env python
"""The command line of the portal."""

import os
import sys

# What changes or compares the schema acts as the database's owner; all else as the application.
OWNER_COMMANDS = {
    "backup",
    "flush",
    "grant_application_role",
    "lintmigrations",
    "makemigrations",
    "migrate",
    "restore",
    "showmigrations",
    "sqlmigrate",
}

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "motcua.settings")
    if len(sys.argv) > 1 and sys.argv[1] in OWNER_COMMANDS:
        os.environ["DATABASE_AS_OWNER"] = "1"
    from motcua import localservices
    from motcua.commands import execute

    try:
        if localservices.needed():
            localservices.ensure()
    except localservices.LocalServicesError as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(2)
    sys.exit(execute(sys.argv))
