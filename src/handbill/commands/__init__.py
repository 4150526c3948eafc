"""One module a command: a short story that calls the rooms in order."""
