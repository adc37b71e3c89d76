"""The sandbox's files, what they hold and what is delivered."""
