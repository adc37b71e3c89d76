"""The sandbox's strings that come without a file."""
