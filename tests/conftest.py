"""What every test may rely on."""

from motcua import localservices


def pytest_configure() -> None:
    """A bare `pytest` starts the private services like every other entry point."""
    if localservices.needed():
        localservices.ensure()
