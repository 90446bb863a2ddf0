"""A WordPress to throw away: Debian's, on MariaDB and PHP's own server, loopback only.

No theme is installed: nobody looks at its pages, and the REST API needs none.
"""

import contextlib
import json
import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Self

import httpx

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

SOURCE = Path("/usr/share/wordpress")
USER, READER = "sara", "reader"
_DATABASE_USER = "mysql"
_CONFIG = """<?php
define('DB_NAME', 'wordpress');
define('DB_USER', 'root');
define('DB_PASSWORD', '');
define('DB_HOST', 'localhost:%(socket)s');
define('DB_CHARSET', 'utf8mb4');
define('DB_COLLATE', '');
define('WP_HOME', '%(url)s');
define('WP_SITEURL', '%(url)s');
define('WP_ENVIRONMENT_TYPE', 'local');
define('DISABLE_WP_CRON', true);
define('WP_HTTP_BLOCK_EXTERNAL', true);
define('AUTOMATIC_UPDATER_DISABLED', true);
$table_prefix = 'wp_';
if (!defined('ABSPATH')) define('ABSPATH', __DIR__ . '/');
require_once ABSPATH . 'wp-settings.php';
"""
_ROUTER = """<?php
$path = parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH);
if ($path !== '/' && is_file(__DIR__ . $path)) return false;
$_SERVER['SCRIPT_NAME'] = '/index.php';
require __DIR__ . '/index.php';
"""
# Readers may say several things within seconds.
_CALM = "<?php add_filter('comment_flood_filter', '__return_false', 99);"
_INSTALL = """<?php
define('WP_INSTALLING', true);
$_SERVER['HTTP_HOST'] = '%(host)s';
require __DIR__ . '/wp-load.php';
require ABSPATH . 'wp-admin/includes/upgrade.php';
add_filter('pre_wp_mail', '__return_true');
wp_install('Test', 'sara', 'sara@example.org', true, '', wp_generate_password());
update_option('permalink_structure', '/%%postname%%/');
update_option('comment_previously_approved', '');
wp_create_user('reader', wp_generate_password(), 'reader@example.org');
wp_delete_post(1, true);
foreach (['sara', 'reader'] as $name) {
    $user = get_user_by('login', $name);
    $made = WP_Application_Passwords::create_new_application_password(
        $user->ID, ['name' => 'tests']);
    $secrets[$name] = $made[0];
}
echo json_encode($secrets);
"""


class WordPressServer:
    """`start()`, then `url` and `passwords`, then `stop()`."""

    def __init__(self) -> None:
        self._cleanup = contextlib.ExitStack()
        self.url = ""
        self.passwords: dict[str, str] = {}

    def start(self) -> Self:
        programs = {name: shutil.which(name) for name in ("mariadbd", "php", "mariadb")}
        if missing := [name for name, path in programs.items() if path is None]:
            raise ServerUnavailable(f"{missing[0]} is not installed (make servers)")
        if not (SOURCE / "wp-load.php").exists():
            raise ServerUnavailable("WordPress is not installed (make servers)")
        with contextlib.ExitStack() as cleanup:
            made = tempfile.TemporaryDirectory(prefix="smmflow-wordpress-")
            directory = Path(cleanup.enter_context(made))
            directory.chmod(0o755)
            socket = self._database(directory, cleanup)
            port = free_port()
            self.url = f"http://{LOOPBACK}:{port}"
            site = _site(directory / "site", self.url, socket)
            self.passwords = _install(site)
            self._serve(site, port, directory / "php.log", cleanup)
            self._cleanup = cleanup.pop_all()
        return self

    def stop(self) -> None:
        self._cleanup.close()

    def as_seen(self, user: str) -> httpx.Client:
        """The REST API, as a user sees it."""
        return httpx.Client(
            base_url=f"{self.url}/wp-json/wp/v2",
            auth=(user, self.passwords[user]),
            trust_env=False,
            timeout=30,
        )

    def empty(self) -> None:
        """Take everything away that was published."""
        with self.as_seen(USER) as client:
            for kind, states in (
                ("comments", ("all", "trash")),
                ("posts", ("publish,future,draft,pending,private", "trash")),
                ("media", ("inherit",)),
            ):
                for state in states:
                    asked = {"status": state, "per_page": "100", "context": "edit"}
                    for each in client.get(f"/{kind}", params=asked).json():
                        client.delete(f"/{kind}/{each['id']}", params={"force": "true"})

    def _database(self, directory: Path, cleanup: contextlib.ExitStack) -> Path:
        """Start a database and return its socket."""
        home = directory / "database"
        home.mkdir()
        user = _DATABASE_USER if os.geteuid() == 0 else None
        if user:
            shutil.chown(home, user, user)
        log = directory / "database.log"
        output = cleanup.enter_context(log.open("w"))
        where = [f"--datadir={home}/files", "--no-defaults"]
        owner = [f"--user={user}"] if user else []
        subprocess.run(
            [
                "mariadb-install-db",
                *reversed(where),
                *owner,
                "--auth-root-authentication-method=normal",
                "--skip-test-db",
            ],
            check=True,
            stdout=output,
            stderr=output,
            env=plain_environment(),
        )
        socket = home / "socket"
        command = [
            "mariadbd",
            *reversed(where),
            *owner,
            f"--socket={socket}",
            "--skip-networking",
            f"--pid-file={home}/pid",
            # Nobody reads this data after a crash.
            "--innodb-flush-log-at-trx-commit=0",
            "--innodb-doublewrite=0",
        ]
        process = subprocess.Popen(
            tied_to_us(command, "TERM"),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            env=plain_environment(),
            text=True,
        )
        cleanup.callback(stop, process)
        client = ["mariadb", "--no-defaults", f"--socket={socket}", "--user=root"]
        make = [*client, "--execute=CREATE DATABASE wordpress CHARACTER SET utf8mb4"]

        def made() -> bool:
            if process.poll() is not None:
                raise ServerUnavailable(f"MariaDB ended: {last_words(log)}")
            asked = subprocess.run(make, check=False, capture_output=True)
            return asked.returncode == 0

        poll(made, "MariaDB", 30, ServerUnavailable)
        return socket

    def _serve(
        self, site: Path, port: int, log: Path, cleanup: contextlib.ExitStack
    ) -> None:
        command = ["php", "-S", f"{LOOPBACK}:{port}", "-t", str(site)]
        output = cleanup.enter_context(log.open("w"))
        process = subprocess.Popen(
            tied_to_us([*command, str(site / "router.php")], "TERM"),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            env=plain_environment(),
            text=True,
        )
        cleanup.callback(stop, process)

        def answers() -> bool:
            if process.poll() is not None:
                raise ServerUnavailable(f"PHP ended: {last_words(log)}")
            with contextlib.suppress(httpx.HTTPError):
                page = f"{self.url}/wp-json/"
                return httpx.get(page, trust_env=False, timeout=30).is_success
            return False

        poll(answers, f"WordPress ({last_words(log)})", 30, ServerUnavailable)


def _site(folder: Path, url: str, socket: Path) -> Path:
    """Copy what runs: WordPress looks for its settings beside its own files."""
    folder.mkdir()
    for name in ("wp-includes", "wp-admin"):
        ignored = shutil.ignore_patterns("*.js", "*.css", "*.map", "*.woff*")
        shutil.copytree(SOURCE / name, folder / name, ignore=ignored)
    for path in SOURCE.glob("*.php"):
        shutil.copy(path, folder)
    plugins = folder / "wp-content" / "mu-plugins"
    plugins.mkdir(parents=True)
    (plugins / "calm.php").write_text(_CALM)
    (folder / "wp-config.php").write_text(_CONFIG % {"url": url, "socket": socket})
    (folder / "router.php").write_text(_ROUTER)
    host = url.removeprefix("http://")
    (folder / "install.php").write_text(_INSTALL % {"host": host})
    return folder


def _install(site: Path) -> dict[str, str]:
    done = subprocess.run(
        ["php", str(site / "install.php")],
        check=False,
        capture_output=True,
        text=True,
        env=plain_environment(),
    )
    if done.returncode != 0 or not done.stdout.strip().endswith("}"):
        raise ServerUnavailable(f"WordPress: {done.stdout}{done.stderr}"[-2000:])
    secrets: dict[str, str] = json.loads(done.stdout.strip().splitlines()[-1])
    (site / "install.php").unlink()
    return secrets
