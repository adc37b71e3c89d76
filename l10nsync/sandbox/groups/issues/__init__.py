"""The sandbox's questions about strings."""
