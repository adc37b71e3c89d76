"""The sandbox's tokens."""
