"""What the GitHub Action does around an ordinary run: event, policy, outputs, comment, commit, pull request.

The Action has no logic of its own: it calls `l10nsync ci github`, and that runs the same commands as a
terminal does. `events` reads what happened, `policy` says what may be done about it (both pure),
`github` carries the sequence out; `rest`, `log` and `delivery` are its edges.
"""
