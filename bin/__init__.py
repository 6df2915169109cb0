"""Programs of set-up and checks, run by make."""
