"""A Postfix of one's own on an unprivileged loopback port: it accepts mail, delivers it, and sends real bounces."""

import os
import pwd
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

_MASTER = """\
127.0.0.1:{port} inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
local unix - n n - - local
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
"""

_MAIN = """\
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
maillog_file = {folder}/log
maillog_file_prefixes = {folder}
mail_owner = postfix
myhostname = mx.example.org
mydestination =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
alias_maps =
alias_database =
recipient_delimiter = +
virtual_mailbox_domains = example.org
virtual_mailbox_base = {folder}/mail
virtual_mailbox_maps = inline:{{ {{{{bounces@example.org = bounces/}}}} }}
virtual_uid_maps = static:{uid}
virtual_gid_maps = static:{gid}
smtpd_recipient_restrictions = permit_mynetworks, reject
smtpd_reject_unlisted_recipient = {early}
disable_dns_lookups = yes
"""


class Postfix(NamedTuple):
    """It listens on *port*; mail to ``bounces+anything@example.org`` arrives in *maildir*; it says more in *log*."""

    port: int
    maildir: Path
    log: Path


@contextmanager
def postfix(*, early: bool) -> Iterator[Postfix]:
    """Run one until this ends. *early*: unknown recipients are refused in the conversation.

    It has a folder of its own, which its user can come to: folders of tests are for their owner alone.
    """
    with TemporaryDirectory(prefix="handbill-postfix-", ignore_cleanup_errors=True) as name:
        Path(name).chmod(0o755)
        with _running(Path(name), early=early) as made:
            yield made


@contextmanager
def _running(folder: Path, *, early: bool) -> Iterator[Postfix]:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    owner = pwd.getpwnam("postfix")
    config = folder / "config"
    for each in (config, folder / "queue", folder / "data", folder / "mail"):
        each.mkdir(parents=True)
    os.chown(folder / "data", owner.pw_uid, owner.pw_gid)
    os.chown(folder / "mail", owner.pw_uid, owner.pw_gid)
    shutil.copy("/etc/postfix/dynamicmaps.cf", config) if Path("/etc/postfix/dynamicmaps.cf").exists() else None
    (config / "master.cf").write_text(_MASTER.format(port=port))
    text = _MAIN.format(folder=folder, uid=owner.pw_uid, gid=owner.pw_gid, early="yes" if early else "no")
    (config / "main.cf").write_text(text.replace("{{", "{").replace("}}", "}"))
    log = folder / "log"

    def control(verb: str) -> None:
        ended = subprocess.run(["postfix", "-c", str(config), verb], capture_output=True, text=True, check=False)
        said = log.read_text(errors="replace") if log.exists() else ""
        assert ended.returncode == 0, f"{ended.stdout}{ended.stderr}{said}"

    control("start")
    try:
        _wait_for(port)
        yield Postfix(port, folder / "mail" / "bounces", log)
    finally:
        control("stop")


def _wait_for(port: int) -> None:
    until = time.monotonic() + 10
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            assert time.monotonic() < until, "Postfix does not listen"
            time.sleep(0.05)
