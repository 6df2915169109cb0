"""How ratings refuse."""

from motcua.errors import DomainError


class NothingToRate(DomainError):
    code = "nothing_to_rate"
    message = "Lượt trả kết quả này đã được đánh giá hoặc đã quá thời gian đánh giá."


class ScoreInvalid(DomainError):
    code = "score_invalid"
    message = "Hãy chọn một trong ba mức độ."
