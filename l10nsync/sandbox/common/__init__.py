"""What the rules of all groups share: the world, its waits and records, the content of files."""
