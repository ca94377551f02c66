"""What a user sees while something takes long: the stage's name, its progress, its time."""

import sys
import time


class Stage:
    """One named stage of work, used as a context manager.

    On a terminal progress overwrites its own line; in a log file it is printed
    only when it moved by a quarter, so that logs stay short.

    :param name: what is being done, as a noun phrase
    """

    def __init__(self, name: str):
        self.name = name
        self.note = ""
        self._started = time.monotonic()
        self._tty = sys.stdout.isatty()
        self._quarter = 0
        self._width = 0

    def __enter__(self) -> "Stage":
        self._print(f"{self.name} …")
        return self

    def __exit__(self, kind, error, trace) -> None:
        took = time.monotonic() - self._started
        if error is None:
            note = f" ({self.note})" if self.note else ""
            self._print(f"{self.name}: done in {took:.1f} s{note}", last=True)
        elif self._tty:
            print(flush=True)

    def progress(self, done: float, total: float, unit: str = "") -> None:
        """Tell how far it is: ``done`` of ``total``, both in ``unit`` (for example MB)."""
        if total <= 0:
            return
        quarter = int(4 * min(done, total) / total)
        if self._tty or quarter > self._quarter:
            self._quarter = quarter
            text = f"{done:.0f} of {total:.0f} {unit}".rstrip()
            self._print(f"{self.name}: {text} ({100 * min(done, total) / total:.0f}%)")

    def _print(self, text: str, last: bool = False) -> None:
        if self._tty:
            pad = " " * max(0, self._width - len(text))
            print(f"\r{text}{pad}", end="\n" if last else "", flush=True)
            self._width = len(text)
        else:
            print(text, flush=True)


def say(text: str = "") -> None:
    """Print one line at once, also into a pipe."""
    print(text, flush=True)
