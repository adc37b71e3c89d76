"""The rules of the simulated service; nothing here knows HTTP."""
