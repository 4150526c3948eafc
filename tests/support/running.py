"""Commands in processes of their own that begin at once: forked from one that has imported everything.

They have a test's patience: a relay that is away is tried again after milliseconds, a recipient put off in another run.

Debian's ``strace`` can be made to attach before a command begins, to kill it or to let its calls fail.
"""

import os
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from multiprocessing import get_context
from pathlib import Path
from typing import NamedTuple

_CONTEXT = get_context("forkserver")
_CONTEXT.set_forkserver_preload([
    "handbill.cli", "handbill.commands.run", "handbill.render.everything", "handbill.render.digest", "premailer",
    "handbill.render.message", "handbill.render.templating", "handbill.deliver.relay", "urllib.request", "argparse",
    "jinja2", "lxml.etree", "feedgen.feed", "handbill.commands.steps.kept", "concurrent.futures.thread", "itsdangerous",
])  # fmt: skip


class Ended(NamedTuple):
    """How a command ended: its exit *status* (negative: the signal), what it printed and complained of."""

    status: int
    out: str
    err: str


def run(
    words: Sequence[str],
    folder: Path,
    environment: Mapping[str, str],
    strace: Sequence[str] = (),
    kill_after: float | None = None,
) -> Ended:
    """Run ``handbill`` with *words* in *folder*; with *strace* under these options of it.

    It is killed after *kill_after* seconds.
    """
    with tempfile.TemporaryDirectory() as place:
        os.mkfifo(f"{place}/gate")
        gate = os.open(f"{place}/gate", os.O_RDWR)  # which never waits
        process = _CONTEXT.Process(target=_child, args=(list(words), str(folder), dict(environment), place))
        process.start()
        tracer = None
        if strace:
            while not (Path(place) / "err").exists():  # the last that it opens of its own
                time.sleep(0.001)
            command = ["strace", "-f", "-p", str(process.pid), *strace]
            tracer = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
            assert tracer.stderr
            assert "attached" in (said := tracer.stderr.readline()), said
        os.write(gate, b".")
        process.join(kill_after)
        if process.exitcode is None:
            process.kill()
            process.join()
        os.close(gate)
        if tracer:
            tracer.communicate()
        assert process.exitcode is not None
        out, err = (file.read_text() if (file := Path(place) / name).exists() else "" for name in ("out", "err"))
        return Ended(process.exitcode, out, err)


def _child(words: list[str], folder: str, environment: dict[str, str], place: str) -> None:
    from handbill.cli import main
    from handbill.deliver import relay, sending
    from handbill.deliver.pace import Patience

    vars(sending)["Patience"] = lambda: Patience((0.01, 0.02, 0.05))
    vars(relay)["_LINGER"] = 0.0
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    gate = os.open(f"{place}/gate", os.O_RDONLY)
    for number, name in ((1, "out"), (2, "err")):
        handle = os.open(f"{place}/{name}", os.O_WRONLY | os.O_CREAT)
        os.dup2(handle, number)
        os.close(handle)
    os.read(gate, 1)
    os.close(gate)
    status = main(words)
    os._exit(status)
