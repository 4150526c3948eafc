"""nginx, Caddy and Apache on loopback with the files of ``scripts/serve``, only their placeholders filled in."""

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from time import monotonic, sleep
from typing import NamedTuple

SHIPPED = Path(__file__).parents[2] / "scripts" / "serve"
ADDRESS = "https://news.example.org"
HUB = "https://hub.example.org/"

_MODULES = ("mpm_event", "authz_core", "dir", "mime", "headers", "deflate", "filter", "alias", "setenvif", "rewrite")

_NGINX = """daemon off;
pid {run}/pid;
error_log {run}/log;
events {{ }}
http {{
    include /etc/nginx/mime.types;
    access_log off;
    client_body_temp_path {run}/body;
    proxy_temp_path {run}/proxy;
    fastcgi_temp_path {run}/fastcgi;
    uwsgi_temp_path {run}/uwsgi;
    scgi_temp_path {run}/scgi;
    include {shipped};
}}
"""

_APACHE = """ServerName 127.0.0.1
ServerRoot {run}
PidFile {run}/pid
ErrorLog {run}/log
Listen 127.0.0.1:{port}
{modules}
TypesConfig /etc/mime.types
DocumentRoot {feeds}
<Directory {feeds}>
    AllowOverride All
    Require all granted
</Directory>
"""


class Answer(NamedTuple):
    """What a server answered; names of *headers* are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Web(NamedTuple):
    """A server that runs on loopback at *port*."""

    port: int

    def ask(self, path: str, method: str = "GET", host: str = "news.example.org", **headers: str) -> Answer:
        """Ask for *path*, as it goes over the wire; underscores in the names of *headers* mean hyphens."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, path, headers={"Host": host} | named)
            answer = connection.getresponse()
            return Answer(answer.status, {n.lower(): v for n, v in answer.getheaders()}, answer.read())
        finally:
            connection.close()


@contextmanager
def web_server(program: str, feeds: Path, variant: str = "") -> Iterator[Web]:
    """*program* (nginx, caddy, apache2) serves a copy of *feeds* as long as the context lasts.

    *variant* is the end of the shipped file's name, such as ``-moved``. Root lets an ordinary user run it. Raises
    AssertionError with the server's own words when it does not start.
    """
    with tempfile.TemporaryDirectory(prefix="handbill-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        shutil.copytree(feeds, folder / "feeds")
        (folder / "feeds").chmod(0o755)
        run = folder / "run"
        run.mkdir()
        if os.geteuid() == 0:
            shutil.chown(run, "nobody", "nogroup")
        port = _free_port()
        words = _prepared(program, variant, folder, port)
        with (folder / "said").open("w+b") as said:
            nobody = "nobody" if os.geteuid() == 0 else None
            process = subprocess.Popen(
                words,
                stdout=said,
                stderr=said,
                env={"PATH": os.defpath, "HOME": str(run), "XDG_DATA_HOME": str(run), "XDG_CONFIG_HOME": str(run)},
                user=nobody,
                group=nobody and "nogroup",
                extra_groups=[] if nobody else None,
            )
            try:
                _wait(process, port, folder / "said")
                yield Web(port)
            finally:
                process.terminate()
                process.wait(20)


def _prepared(program: str, variant: str, folder: Path, port: int) -> list[str]:
    """Write the settings of *program* into *folder*; gives the words that start it."""
    found = shutil.which(program, path=f"{os.environ.get('PATH', os.defpath)}:/usr/sbin")
    assert found
    run, feeds, settings = folder / "run", folder / "feeds", folder / "settings"
    if program == "nginx":
        shipped = _filled(f"nginx{variant}.conf", {"listen 80;": f"listen 127.0.0.1:{port};"}, feeds)
        (folder / "shipped").write_text(shipped)
        settings.write_text(_NGINX.format(run=run, shipped=folder / "shipped"))
        return [found, "-e", f"{run}/log", "-p", str(run), "-c", str(settings)]
    if program == "caddy":
        here = f"http://127.0.0.1:{port}"  # for the browser, which knows no other host
        hosts = {
            f"\n{host}.example.org {{": f"\nhttp://{host}.example.org:{port}, {here} {{" for host in ("news", "old")
        }
        shipped = _filled(f"Caddyfile{variant}", hosts, feeds)
        settings.write_text("{\n\tadmin off\n}\n" + shipped)
        return [found, "run", "--adapter", "caddyfile", "--config", str(settings)]
    (feeds / ".htaccess").write_text(_filled(f"htaccess{variant}", {}, feeds))
    modules = "\n".join(f"LoadModule {name}_module /usr/lib/apache2/modules/mod_{name}.so" for name in _MODULES)
    settings.write_text(_APACHE.format(run=run, port=port, modules=modules, feeds=feeds))
    return [found, "-f", str(settings), "-D", "FOREGROUND"]


def _filled(name: str, places: Mapping[str, str], feeds: Path) -> str:
    """The shipped file *name* with its placeholders filled in; host names stay, since they are good as they are."""
    text = (SHIPPED / name).read_text(encoding="utf-8").replace("/srv/handbill/feeds", str(feeds))
    for placeholder, value in places.items():
        text = text.replace(placeholder, value)
    return text


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(process: "subprocess.Popen[bytes]", port: int, said: Path) -> None:
    deadline = monotonic() + 20
    while monotonic() < deadline and process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        sleep(0.05)
    log = said.parent / "run" / "log"
    raise AssertionError(said.read_text() + (log.read_text() if log.exists() else ""))
