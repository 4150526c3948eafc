"""One SMTP connection, as bytes: with and without pipelining, and with servers that are not well."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handbill.deliver.answers import Stage
from handbill.deliver.conversation import BrokenError, Conversation, Outgoing, Phase, stuffed

PIPELINING = frozenset({"pipelining", "size"})


def outgoing(number: int = 1) -> Outgoing:
    return Outgoing(number, "bounces@example.org", f"r{number}@example.org", b"Subject: x\r\n\r\nHello\r\n")


def said(conversation: Conversation) -> list[bytes]:
    """What it wants to send, as lines; the network takes all of it."""
    lines = bytes(conversation.out).splitlines()
    if lines:
        conversation.sent(len(conversation.out))
    return lines


def test_the_envelope_in_one_group() -> None:
    conversation = Conversation(PIPELINING)
    one = outgoing()
    conversation.offer(one)
    assert said(conversation) == [
        b"MAIL FROM:<bounces@example.org> SIZE=21", b"RCPT TO:<r1@example.org>", b"DATA"
    ]  # fmt: skip
    assert list(conversation.receive(b"250 ok\r\n250 ok\r\n354 go on\r\n")) == []
    before = conversation.wants_mark  # the network does not have the body yet
    assert said(conversation) == one.body.splitlines()
    assert (before, conversation.wants_mark) == (None, one)
    conversation.release(one)
    assert said(conversation) == [b"."]
    assert not conversation.free, "the answer is awaited first"
    (done,) = conversation.receive(b"250 2.0.0 queued\r\n")
    assert (done.outgoing, done.reply.code, done.reply.text) == (one, 250, "2.0.0 queued")


def test_step_by_step_without_pipelining() -> None:
    conversation = Conversation(frozenset())
    one = outgoing()
    conversation.offer(one)
    assert said(conversation) == [b"MAIL FROM:<bounces@example.org>"]
    for reply, command in ((b"250 ok\r\n", b"RCPT TO:<r1@example.org>"), (b"250-o\r\n250 k\r\n", b"DATA")):
        assert list(conversation.receive(reply)) == []
        assert said(conversation) == [command]
    assert list(conversation.receive(b"354 \r\n")) == []
    said(conversation)
    conversation.release(one)
    assert not conversation.free
    assert said(conversation) == [b"."]
    assert [done.reply.stage for done in conversation.receive(b"250\r\n")] == [Stage.DOT]
    assert conversation.free


@pytest.mark.parametrize(
    ("features", "replies", "stage"),
    [
        (PIPELINING, b"250 ok\r\n550 5.1.1 unknown\r\n503 no recipients\r\n", Stage.RCPT),
        (PIPELINING, b"450 later\r\n503 no\r\n503 no\r\n", Stage.MAIL),
        (PIPELINING, b"250 ok\r\n250 ok\r\n451 not now\r\n", Stage.DATA),
        (frozenset(), b"250 ok\r\n550 5.1.1 unknown\r\n", Stage.RCPT),
        (frozenset(), b"450 later\r\n", Stage.MAIL),
    ],
)
def test_an_envelope_that_is_not_taken(features: frozenset[str], replies: bytes, stage: Stage) -> None:
    conversation = Conversation(features)
    conversation.offer(outgoing())
    ends = [done for line in replies.splitlines(keepends=True) for done in conversation.receive(line)]
    assert [done.reply.stage for done in ends] == [stage]
    said(conversation)
    conversation.offer(outgoing(2))
    assert said(conversation)[0] == b"RSET"


def test_a_server_that_takes_data_for_nobody_gets_an_empty_message() -> None:
    conversation = Conversation(PIPELINING)
    conversation.offer(outgoing())
    said(conversation)
    (done,) = conversation.receive(b"250 ok\r\n550 5.1.1 unknown\r\n354 go on\r\n")
    assert done.reply.stage is Stage.RCPT
    assert said(conversation) == [b"."]
    assert list(conversation.receive(b"554 no valid recipients\r\n")) == []
    assert conversation.free


def test_421_ends_all() -> None:
    conversation = Conversation(PIPELINING)
    conversation.offer(outgoing())
    said(conversation)
    (done,) = conversation.receive(b"421 too many\r\n421 too many\r\n")
    assert done.reply.code == 421
    assert conversation.closing
    assert not conversation.free


def test_a_partly_sent_dot_counts_as_sent() -> None:
    conversation = Conversation(frozenset())
    one = outgoing()
    conversation.offer(one)
    list(conversation.receive(b"250 ok\r\n250 ok\r\n354 ok\r\n"))
    said(conversation)
    conversation.release(one)
    phases = [one.phase]
    conversation.sent(1)
    assert [*phases, one.phase] == [Phase.MARKED, Phase.DOTTED]


@pytest.mark.parametrize("raw", [b"hello\r\n", b"999 what\r\n", b"25\r\n", b"\r\n", b"250ok\r\n", b"x" * 70_000,
                                 b"250-x\r\n" * 30_000 + b"250-y" * 20_000])  # fmt: skip
def test_what_is_not_smtp(raw: bytes) -> None:
    conversation = Conversation(frozenset())
    conversation.offer(outgoing())
    with pytest.raises(BrokenError):
        list(conversation.receive(raw))


def test_extensions_only_where_needed() -> None:
    conversation = Conversation(frozenset({"smtputf8", "8bitmime"}))
    conversation.offer(Outgoing(1, "b@example.org", "ärger@example.org", "ü\r\n".encode()))
    assert bytes(conversation.out) == b"MAIL FROM:<b@example.org> BODY=8BITMIME SMTPUTF8\r\n"


@given(st.binary(), st.lists(st.sampled_from([b".\r\n", b"..\r\n", b"x\r\n", b"\r\n.\r\n", b".x\r\n"])))
def test_dots_are_stuffed_so_that_the_message_ends_where_it_ends(start: bytes, lines: list[bytes]) -> None:
    message = start.replace(b"\n", b"").replace(b"\r", b"") + b"\r\n" + b"".join(lines)
    sent = stuffed(message)
    assert b"\r\n.\r\n" not in sent
    assert not sent.startswith(b".\r\n")
    got = b"".join(
        line[1:] if line.startswith(b".") else line for line in sent.split(b"\r\n") for line in [line + b"\r\n"]
    )
    assert got.removesuffix(b"\r\n") == message


@given(st.lists(st.sampled_from([b"250 ok\r\n", b"354 go\r\n", b"550 5.1.1 no\r\n", b"450 no\r\n", b"421 bye\r\n",
                                 b"250-more\r\n", b"503 eh\r\n", b"junk\r\n"]), max_size=40),
       st.booleans())  # fmt: skip
def test_whatever_the_server_says_each_message_ends_once(replies: list[bytes], pipelined: bool) -> None:
    conversation = Conversation(PIPELINING if pipelined else frozenset())
    begun, ended, number = 0, [], 0

    def go_on() -> None:
        nonlocal begun, number
        said(conversation)
        if waiting := conversation.wants_mark:
            conversation.release(waiting)
        while conversation.free:
            number += 1
            begun += 1
            conversation.offer(outgoing(number))
        said(conversation)

    go_on()
    try:
        for reply in replies:
            ended += [done.outgoing.id for done in conversation.receive(reply)]
            go_on()
    except BrokenError:
        pass
    assert len(set(ended)) == len(ended)
    under_way = [conversation.head.id] if conversation.head else []
    assert sorted(ended + under_way) == list(range(1, begun + 1))
