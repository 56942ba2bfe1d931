"""Why somebody cannot take part now."""


class Refused(Exception):
    """It cannot be done now. `words` are for the person, `code` for the program."""

    def __init__(self, code: str, words: str) -> None:
        super().__init__(words)
        self.code, self.words = code, words
