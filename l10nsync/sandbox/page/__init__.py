"""The page: what managers and translators see of the simulated service, as plain HTML without scripts.

`app` routes and guards, `views` shows, `actions` changes, `render` fills the templates. A further service
adds its templates, its rows to `views.VIEWS` and `actions.ACTIONS`, and an entry to `render.NAVIGATION`.
"""
