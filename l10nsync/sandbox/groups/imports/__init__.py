"""The sandbox's translations that a client brings."""
