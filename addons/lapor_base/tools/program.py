"""What the program itself is writing just now, as against what somebody makes it write.

The system's rights are no sign of it: the web client posts and edits messages with them, for
whoever may read a case. Nor is a key of the context, which everybody may send. Only code can enter
the block below.
"""

from contextlib import contextmanager
from contextvars import ContextVar

_writing: ContextVar[bool] = ContextVar("lapor_program", default=False)


@contextmanager
def as_program():
    """Within this block the program writes on its own account."""
    token = _writing.set(True)
    try:
        yield
    finally:
        _writing.reset(token)


def is_program() -> bool:
    """Whether the program writes on its own account."""
    return _writing.get()
