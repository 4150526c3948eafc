"""What an operating error means to the caller: one exit status and one line."""


def outcome(error: Exception) -> tuple[int, str | None]:
    """The exit status for *error* and the line that tells it; no line where it is a fault of ours."""
    from handbill.commands.publication import LedgerUnreadableError
    from handbill.commands.settings import SettingsError
    from handbill.publish.life import AccidentError
    from handbill.read.file import FileError
    from handbill.render.templating import TemplateError
    from handbill.write import BusyError, WriteError

    match error:
        case SettingsError() | FileError():
            return 2, str(error)
        case AccidentError():
            return 1, (
                f"{error}: taken for an accident, so nothing was changed; "
                "if they are to go, say so: handbill build --accept-removals"
            )
        case LedgerUnreadableError():
            return 1, str(error)
        case TemplateError() if error.own:
            return 1, f"{error}; what is published stayed as it was"
        case BusyError() | WriteError():
            return 75, str(error)
        case _:
            return 70, None
