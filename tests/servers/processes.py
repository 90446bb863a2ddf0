"""What every server needs: a port, a process that ends with us, patience."""

import contextlib
import os
import random
import shutil
import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

LOOPBACK = "127.0.0.1"
NODE_MODULES = Path(__file__).parent / "node_modules"
STOPPING_SECONDS = 10
NOBODY_IS_GIVEN = range(20_000, 32_000)

Answer = TypeVar("Answer")


class ServerUnavailable(Exception):
    """A server cannot run on this machine; the message says what is missing."""


def free_port() -> int:
    """A port nobody listens on at this moment.

    Not one of those that systems hand out by themselves: between our asking and the
    server's listening, any connection of this machine could be given it.
    https://docs.kernel.org/networking/ip-sysctl.html#ip-variables

    We only bind to it and don't listen: what another thread starts holds our sockets
    until it is a program itself, and a port that is listened on is nobody else's.
    """
    # Hypothesis makes the plain generator repeat itself, and with it our ports.
    chance = random.SystemRandom()
    for port in chance.sample(NOBODY_IS_GIVEN, len(NOBODY_IS_GIVEN)):
        with contextlib.suppress(OSError), socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((LOOPBACK, port))
            return port
    raise ServerUnavailable("every port is in use")


def poll(
    question: Callable[[], Answer | None],
    what: str,
    seconds: float = 20,
    error: type[Exception] = TimeoutError,
) -> Answer:
    """Ask until the answer is something other than None or False."""
    deadline = time.monotonic() + seconds
    while not (answer := question()):
        if time.monotonic() > deadline:
            raise error(f"waited {seconds:g} s in vain for {what}")
        time.sleep(0.02)
    return answer


def tied_to_us(command: list[str], signal_name: str) -> list[str]:
    """The command, which Linux stops with this signal should our process be killed.

    Fixtures stop their servers, but not after a SIGKILL or a crash of the interpreter;
    then this keeps databases from piling up on a developer's machine.
    """
    setpriv = shutil.which("setpriv")
    return [setpriv, "--pdeathsig", signal_name, *command] if setpriv else command


def plain_environment() -> dict[str, str]:
    """What a server may know of our environment: where things are.

    Neither proxies nor log levels nor credentials, whatever the developer has set.
    """
    names = ("PATH", "HOME", "TMPDIR")
    return {name: os.environ[name] for name in names if name in os.environ}


def stop(process: subprocess.Popen[str]) -> None:
    """End a process that may have ended already, and give back its pipes."""
    with process:  # closes the pipes, and reaps
        if process.stdin:
            process.stdin.close()
        process.terminate()
        try:
            process.wait(STOPPING_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()


def last_words(log: Path) -> str:
    """The end of a server's log, for the message that says it did not start."""
    return log.read_text(encoding="utf-8", errors="replace")[-2000:].strip()
