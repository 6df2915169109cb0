"""Static files in production: compressed, and named after their content."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class Storage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Also rewrites the imports between our ES modules to the names by content."""

    support_js_module_import_aggregation = True
