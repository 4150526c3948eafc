"""What a server's answer means, case by case."""

import pytest

from handbill.deliver.answers import Meaning, Reply, Stage, meaning

ACCEPTED, REFUSED, LATER, PAUSE, UNSENT, DOUBT = (
    Meaning.ACCEPTED, Meaning.REFUSED, Meaning.LATER, Meaning.PAUSE, Meaning.UNSENT, Meaning.DOUBT
)  # fmt: skip


@pytest.mark.parametrize(
    ("stage", "code", "text", "expected"),
    [
        (Stage.DOT, 250, "2.0.0 Ok: queued as 4XyZ", ACCEPTED),
        (Stage.DOT, 250, "", ACCEPTED),
        (Stage.RCPT, 550, "5.1.1 <x>: Recipient address rejected: User unknown", REFUSED),
        (Stage.RCPT, 550, "5.1.2 no such host", REFUSED),
        (Stage.RCPT, 501, "5.1.3 bad address syntax", REFUSED),
        (Stage.RCPT, 551, "5.1.6 has moved", REFUSED),
        (Stage.RCPT, 556, "5.1.10 null MX", REFUSED),
        (Stage.RCPT, 550, "5.2.1 mailbox disabled", REFUSED),
        (Stage.DOT, 550, "5.1.1 unknown", REFUSED),
        (Stage.RCPT, 550, "5.1.1", REFUSED),
        # not about the mailbox, whatever the first number says
        (Stage.RCPT, 550, "5.4.5 Daily user sending quota exceeded", PAUSE),
        (Stage.RCPT, 550, "User unknown", PAUSE),
        (Stage.RCPT, 550, "relay not permitted", PAUSE),
        (Stage.RCPT, 551, "", PAUSE),
        (Stage.RCPT, 553, "sorry, that domain isn't in my list of allowed rcpthosts (#5.7.1)", PAUSE),
        (Stage.RCPT, 554, "5.7.1 relay access denied", PAUSE),
        (Stage.RCPT, 552, "5.2.2 mailbox full", PAUSE),
        (Stage.RCPT, 550, "5.1.11 not one of them", PAUSE),
        (Stage.RCPT, 550, "5.1.1x", PAUSE),
        (Stage.MAIL, 550, "5.1.1 what is wrong with the sender is not about the recipient", PAUSE),
        (Stage.MAIL, 550, "5.1.8 bad sender domain", PAUSE),
        (Stage.LOGIN, 535, "5.7.8 authentication failed", PAUSE),
        (Stage.CONNECT, 554, "no SMTP service here", PAUSE),
        (Stage.DATA, 554, "no valid recipients", PAUSE),
        (Stage.DOT, 554, "5.7.1 message looks like spam", PAUSE),
        (Stage.DOT, 552, "5.3.4 message too big", PAUSE),
        # another time
        (Stage.RCPT, 450, "4.2.0 greylisted", LATER),
        (Stage.RCPT, 452, "4.2.2 mailbox full", LATER),
        (Stage.MAIL, 454, "4.7.0 throttled", LATER),
        (Stage.DOT, 451, "", LATER),
        (Stage.DOT, 421, "4.3.2 going down", LATER),
        (Stage.LOGIN, 454, "4.7.0 temporary authentication failure", LATER),
        # no answer to what was asked
        (Stage.DOT, 354, "go ahead", DOUBT),
        (Stage.RCPT, 354, "go ahead", UNSENT),
        (Stage.DATA, 250, "ok", UNSENT),
    ],
)
def test_meaning(stage: Stage, code: int, text: str, expected: Meaning) -> None:
    assert meaning(Reply(stage, code, text)) is expected


def test_words_are_for_people() -> None:
    assert Reply(Stage.DOT, 550, "no\x1b[31m\r\nway").words == "550 no [31m way"
    assert len(Reply(Stage.DOT, 550, "x" * 9999).words) == 500
