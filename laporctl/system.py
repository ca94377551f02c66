"""What the machine has to have: packages of its own, ports, a way to become another user."""

import os
import shutil
import socket
import subprocess

from .errors import LaporError
from .stage import Stage


def is_root() -> bool:
    """Whether this process may install packages."""
    return os.geteuid() == 0


def need_package(package: str, what: str) -> None:
    """Install Debian's ``package`` as root, or say that it is missing.

    :param what: what the package is needed for, to be named in the message
    :raises LaporError: naming the package
    """
    if not is_root() or not shutil.which("apt-get"):
        raise LaporError(f"{what} is missing; install the package {package} and run again")
    apt_install((package,))


def apt_install(packages: tuple[str, ...]) -> None:
    """Install Debian packages with apt; only root can.

    :raises LaporError: with apt's last words
    """
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C"}
    commands = (
        ["apt-get", "-qq", "update"],
        ["apt-get", "-qq", "-y", "--no-install-recommends", "install", *packages],
    )
    with Stage(f"apt-get install {' '.join(packages)}"):
        for command in commands:
            done = subprocess.run(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                env=environment,
                check=False,
            )
        if done.returncode:
            errors = [line for line in done.stdout.splitlines() if line.startswith("E:")]
            raise LaporError(
                f"apt-get cannot install {' '.join(packages)}: {' '.join(errors[-1:])}"
            )


def need_free_port(address: str, port: int) -> None:
    """Make sure that ``address``:``port`` can be listened on.

    :raises LaporError: naming the way to choose another
    """
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except (OSError, OverflowError) as error:
            reason = getattr(error, "strerror", None) or error
            raise LaporError(
                f"cannot listen on {address} port {port} ({reason}); choose another port, "
                "for example: ./lapor run --port 8070"
            ) from error
