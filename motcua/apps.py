"""How Django's own apps are set up here."""

from django.contrib.staticfiles.apps import StaticFilesConfig


class StaticFiles(StaticFilesConfig):
    """Without what is unused here and names files that its package lacks.

    Extensions of htmx, and Tabler's style sheets of flags, payments and the like: the manifest
    of production would refuse them.
    """

    ignore_patterns = [*StaticFilesConfig.ignore_patterns, "hx-*.js", "tabler-*"]
