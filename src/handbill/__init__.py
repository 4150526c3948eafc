"""One TOML file in; feeds and a newsletter out.

The flow, in the order of the rooms:

1. `read`: the bytes of ``entries.toml`` become a `model.Publication`; all that is wrong becomes a `findings.Finding`.
2. `publish`: publication, ledger and moment become the values of `published`, and the next ledger.
3. `render`: what is published becomes bytes, one module for each kind of output.
4. `write`: the bytes reach ``feeds/``, each file whole, and only when it changed.
5. `deliver`: an issue of the digest reaches each subscriber once.

`commands` tell these as short stories; `cli` turns options into calls and outcomes into exit statuses.
"""

__version__ = "0.1.0"
