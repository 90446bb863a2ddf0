"""A PostgreSQL cluster to throw away: not durable, no password, loopback only."""

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path
from typing import IO, Self

from tests.servers.processes import (
    LOOPBACK,
    ServerUnavailable,
    free_port,
    last_words,
    plain_environment,
    poll,
    stop,
    tied_to_us,
)

SUPERUSER = "postgres"
SETTINGS = {
    "listen_addresses": LOOPBACK,
    "unix_socket_directories": "",
    # Nobody reads this data after a crash.
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "32MB",
}


def find_programs() -> Path:
    """The folder of initdb and postgres; Debian keeps it off the PATH."""
    installed = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"),
        key=lambda program: int(program.parts[-3]),
    )
    on_path = shutil.which("initdb")
    if installed:
        return installed[-1].parent
    if on_path:
        return Path(on_path).resolve().parent
    raise ServerUnavailable("PostgreSQL is not installed (make servers)")


class Postgres:
    """`start()`, then `url`, then `stop()`."""

    def __init__(self) -> None:
        self._cleanup = contextlib.ExitStack()
        self.url = ""

    def start(self) -> Self:
        programs = find_programs()
        with contextlib.ExitStack() as cleanup:
            directory = Path(
                cleanup.enter_context(
                    tempfile.TemporaryDirectory(prefix="smmflow-postgres-")
                )
            )
            if os.geteuid() == 0:
                shutil.chown(directory, SUPERUSER, SUPERUSER)
            log = directory / "log"
            output = cleanup.enter_context(log.open("w"))
            cluster = directory / "cluster"
            self._initialise(programs, cluster, output)
            port = free_port()
            process = self._launch(programs, cluster, port, output)
            # SIGINT closes connections and shuts down; SIGTERM would wait for clients.
            cleanup.callback(stop, process)
            cleanup.callback(process.send_signal, signal.SIGINT)
            self._await_ready(programs, process, port, log)
            self.url = f"postgres://{SUPERUSER}@{LOOPBACK}:{port}/postgres"
            self._cleanup = cleanup.pop_all()
        return self

    def stop(self) -> None:
        self._cleanup.close()

    @staticmethod
    def _initialise(programs: Path, cluster: Path, output: IO[str]) -> None:
        command = [
            str(programs / "initdb"),
            f"--pgdata={cluster}",
            f"--username={SUPERUSER}",
            "--auth=trust",
            "--encoding=UTF8",
            "--no-locale",
            "--no-sync",
        ]
        user = SUPERUSER if os.geteuid() == 0 else None  # it refuses to run as root
        subprocess.run(
            command,
            check=True,
            stdout=output,
            stderr=output,
            cwd=cluster.parent,
            env=plain_environment(),
            user=user,
            group=user,
            extra_groups=[] if user else None,
        )

    @staticmethod
    def _launch(
        programs: Path, cluster: Path, port: int, output: IO[str]
    ) -> subprocess.Popen[str]:
        command = [str(programs / "postgres"), "-D", str(cluster), "-p", str(port)]
        for setting, value in SETTINGS.items():
            command += ["-c", f"{setting}={value}"]
        user = SUPERUSER if os.geteuid() == 0 else None
        return subprocess.Popen(
            tied_to_us(command, "INT"),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            cwd=cluster.parent,
            env=plain_environment(),
            user=user,
            group=user,
            extra_groups=[] if user else None,
            text=True,
        )

    @staticmethod
    def _await_ready(
        programs: Path, process: subprocess.Popen[str], port: int, log: Path
    ) -> None:
        def accepts() -> bool:
            if process.poll() is not None:
                raise ServerUnavailable(f"PostgreSQL ended: {last_words(log)}")
            asked = [str(programs / "pg_isready"), "-q", "-h", LOOPBACK, "-p"]
            return subprocess.run([*asked, str(port)], check=False).returncode == 0

        poll(accepts, "PostgreSQL", error=ServerUnavailable)
