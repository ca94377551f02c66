"""The one exception a user of ``./lapor`` gets to see."""


class LaporError(Exception):
    """A failure that one sentence explains, with the way out in the same sentence.

    :param message: the sentence, without a full stop at its end
    :param status: exit status of the command
    """

    def __init__(self, message: str, status: int = 2):
        super().__init__(message)
        self.status = status
