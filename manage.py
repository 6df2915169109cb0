#!/usr/bin/env python
"""The command line of the portal."""

import os
import sys

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "motcua.settings")
    from motcua.commands import execute

    sys.exit(execute(sys.argv))
