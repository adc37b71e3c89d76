"""A local translation management system that speaks Smartling's REST API; see `docs/sandbox.md`.

Layers, top down: `server` (sockets), `wire` and `app` (HTTP), `urls` (routes), `responses` (HTTP to calls
and back), `state` (the rules; knows no HTTP), `store` (SQLite). `control` steers all of it.
"""
