"""The files of ``scripts/operate`` for a machine of one's own: systemd and cron take them."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from fault_server import fault_server
from newcomer import ROOT, program
from serving import serving
from units import SHIPPED, filled, let_pass, settings

FILE = """
[site]
title = "Harbour News"
url = "https://example.org/harbour/"

[digest]
from = "News <news@example.org>"
to = "list@lists.example.org"
address = "1 Quay Street"

[[entry]]
date = 2026-03-20
title = "Tide tables for 2026"
"""
ENTRY = """
[[entry]]
date = 2026-03-21
title = "Dredging"
"""
_AS_ROOT = () if os.geteuid() == 0 else ("--map-root-user",)
EXPOSED = 15
"""Tenths on the scale of `systemd-analyze security`, where 100 is a service without any protection."""


@pytest.fixture
def publication(tmp_path: Path) -> Path:
    folder = tmp_path / "harbour"
    folder.mkdir()
    (folder / "entries.toml").write_text(FILE)
    return folder


@pytest.fixture
def handbill(tmp_path: Path) -> Path:
    """The program where the README puts it."""
    (tmp_path / "handbill" / "bin").mkdir(parents=True)
    file = tmp_path / "handbill" / "bin" / "handbill"
    program(file, f'PYTHONPATH="{os.pathsep.join(sys.path)}" exec "{sys.executable}" -m handbill "$@"')
    return file


@pytest.mark.needs("systemd")
def test_systemd_takes_the_units_and_finds_them_safe(tmp_path: Path, handbill: Path, publication: Path) -> None:
    service = filled(tmp_path, handbill, publication)
    words = ["systemd-analyze", "--man=no", "verify", str(service), str(tmp_path / "handbill.timer")]
    verified = subprocess.run(words, capture_output=True, text=True, check=False)
    assert (verified.returncode, verified.stdout + verified.stderr) == (0, "")
    words = ["systemd-analyze", "security", "--offline=true", "--no-pager", f"--threshold={EXPOSED}", str(service)]
    judged = subprocess.run(words, capture_output=True, text=True, check=False)
    assert judged.returncode == 0, judged.stdout
    service.write_text(service.read_text().replace("=strict", "=strrict"))
    assert subprocess.run(["systemd-analyze", "verify", str(service)], capture_output=True, check=False).stderr


@pytest.mark.needs("systemd", "strace")
def test_a_run_that_sends_needs_nothing_that_the_unit_forbids(
    tmp_path: Path, handbill: Path, publication: Path
) -> None:
    """It is watched: what it writes lies below the two folders, and the filters let its system calls pass."""
    unit = settings(filled(tmp_path, handbill, publication))
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc" / "key").write_text("k" * 40)
    state, log = tmp_path / "state", tmp_path / "log"
    with fault_server() as relay:
        environment = {
            "PATH": os.defpath,
            "LANG": "C.UTF-8",
            "STATE_DIRECTORY": str(state),
            "HANDBILL_SMTP_HOST": "localhost",
            "HANDBILL_SMTP_PORT": str(relay.port),
            "CONFIGURATION_DIRECTORY": str(tmp_path / "etc"),
        }
        for now in ("2026-03-25", "2026-04-01T08:00"):
            words = [*unit["ExecStart"][0].split(), "--no-web-check", "--now", now]
            watched = ["strace", "-f", "-qq", "-y", "-o", str(log), *words]
            ended = subprocess.run(
                watched, cwd=unit["WorkingDirectory"][0], env=environment, capture_output=True, text=True, check=False
            )
            assert ended.returncode == 0, ended.stderr
        assert relay.kept == {"list@lists.example.org": 1}
    told = log.read_text()
    calls = set(re.findall(r"^\d+ +(\w+)\(", told, re.MULTILINE))
    assert {"openat", "fsync", "connect", "flock"} <= calls
    # fchown: SQLite, when it runs as root, which this service does not.
    assert calls - let_pass(unit["SystemCallFilter"]) - {"fchown"} == set()
    families = set(re.findall(r"\bsocket\((\w+)", told))
    assert families & {"AF_INET", "AF_INET6"}
    # AF_NETLINK: the C library asks which addresses there are, and does without an answer.
    assert families - {*unit["RestrictAddressFamilies"][0].split(), "AF_NETLINK"} == set()
    assert re.search(r"PROT_WRITE\|PROT_EXEC", told) is None
    written = set(re.findall(r'openat\([^"]*"([^"]+)", [^)]*O_(?:WRONLY|RDWR|CREAT)', told))
    allowed = (*unit["ReadWritePaths"], str(state), "/dev/", "/tmp/")
    places = {os.path.normpath(publication / path) for path in written}
    assert len(places) > 5
    assert [place for place in places if not place.startswith(allowed)] == []


@pytest.mark.needs("systemd")
def test_the_page_sets_the_service_up_and_what_is_typed_by_hand_is_the_same(tmp_path: Path) -> None:
    """The commands of the guide, as root on a machine of which only copies are written to."""
    guide = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"^```console\n(.+?)^```$", guide, re.MULTILINE | re.DOTALL)
    typed = re.sub(r"^# ", "", block, flags=re.MULTILINE)
    program(tmp_path / "systemctl", '[ "$2" != --now ] || exec /usr/bin/systemctl "$1" "$3"')
    program(tmp_path / "handbill", 'printf "%s\\n" "$(id -un) $PWD $STATE_DIRECTORY $HANDBILL_SMTP_HOST $*"')
    script = f"""
        for place in /etc /srv /opt /var/lib /usr/local/bin; do
            mkdir -p {tmp_path}/copy$place
            [ $place != /etc ] || cp -a /etc/. {tmp_path}/copy/etc
            mount --bind {tmp_path}/copy$place $place
        done
        mkdir -p /srv/harbour /opt/handbill/bin
        cp {tmp_path}/handbill /opt/handbill/bin/
        cp {tmp_path}/systemctl /usr/local/bin/
        export PATH=/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
        {typed}
        stat -c '%A %U %G %n' /etc/handbill /etc/handbill/key /etc/handbill/environment /srv/harbour
        wc -c </etc/handbill/key
        ls /etc/systemd/system/timers.target.wants | grep handbill
        handbill status
    """
    words = ["unshare", *_AS_ROOT, "--mount", "sh", "-euc", script]
    ended = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.splitlines() == [
        "drwxr-x--- root handbill /etc/handbill",
        "-rw-r----- root handbill /etc/handbill/key",
        "-rw-r----- root handbill /etc/handbill/environment",
        "drwxr-xr-x handbill handbill /srv/harbour",
        "45",
        "handbill.timer",
        "handbill /srv/harbour /var/lib/handbill relay.example.org status",
    ]


@contextmanager
def cron(folder: Path, crontab: str) -> Iterator[Path]:
    """A real cron with this *crontab* alone, as long as the context lasts; gives the folder of the mail it sends.

    It sees folders of its own where the machine's tables, its process's number and its sendmail would be.
    """
    for name in ("spool", "empty", "run", "mail"):
        (folder / name).mkdir()
    (folder / "none").touch()
    table = folder / "spool" / "root"
    table.write_text(crontab)
    table.chmod(0o600)
    program(folder / "sendmail", f'cat >"$(mktemp {folder}/mail/XXXXXX)"')
    places = {"spool": "/var/spool/cron/crontabs", "empty": "/etc/cron.d", "run": "/run", "none": "/etc/crontab",
              "sendmail": "/usr/sbin/sendmail"}  # fmt: skip
    mounts = "".join(f'mount --bind "{folder}/{name}" {place}\n' for name, place in places.items())
    words = ["unshare", *_AS_ROOT, "--mount", "sh", "-euc", f"{mounts}exec cron -f -L 0"]
    process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        yield folder / "mail"
        assert process.poll() is None, process.communicate()[0]
    finally:
        process.terminate()
        process.wait(20)


@pytest.mark.needs("cron", "postfix")
def test_a_real_cron_publishes_sends_saves_and_tells_it_once(tmp_path: Path, handbill: Path, publication: Path) -> None:
    shipped = (SHIPPED / "crontab").read_text()
    minutely = re.sub(r"^(\*/15 \*|50 3) ", "* * ", shipped, flags=re.MULTILINE)
    assert minutely.count("\n* * * * *") == 2
    assert re.search(r"^HANDBILL_PING_URL=$", minutely, re.MULTILINE)
    for name in ("cron", "alive"):
        (tmp_path / name).mkdir()
    environment = {"HOME": str(tmp_path), "PATH": os.defpath}
    subprocess.run([str(handbill), "run"], cwd=publication, env=environment, capture_output=True, check=True)
    (publication / "entries.toml").write_text(FILE + ENTRY)
    with serving(tmp_path / "alive") as alive:
        filled_in = minutely.replace("HANDBILL_PING_URL=", f"HANDBILL_PING_URL={alive}")
        with cron(tmp_path / "cron", f"HOME={tmp_path}\n{filled_in}") as mail:
            _until(lambda: any(mail.iterdir()) and any(tmp_path.glob("backup/state-[1-7]")))
            (publication / "entries.toml").write_text(FILE.replace("2026-03-20", "2026-03-50"))
            _until(lambda: len(list(mail.iterdir())) > 1)
    first, second = sorted(mail.iterdir(), key=lambda each: each.stat().st_mtime)
    assert "To: operator@example.org" in first.read_text()
    assert re.search(r"feeds: \d+ files written, 2 entries public", first.read_text())
    assert "2026-03-50" in second.read_text()


def _until(done: Callable[[], bool]) -> None:
    """Wait for what happens when the minute is over."""
    until = time.monotonic() + 80
    while not done():
        assert time.monotonic() < until
        time.sleep(0.25)
