"""The base of every refusal by a business rule."""


class DomainError(Exception):
    """A business rule said no. `code` is stable; `message` is shown as is (Vietnamese).

    `fields` maps a form field or column to its own message, when one is to blame.
    """

    code = "refused"
    message = "Yêu cầu không được chấp nhận."

    def __init__(self, message: str = "", *, fields: dict[str, str] | None = None) -> None:
        self.message = message or self.message
        self.fields = fields or {}
        super().__init__(self.message)
