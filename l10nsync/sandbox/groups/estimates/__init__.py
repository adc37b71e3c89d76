"""The sandbox's fuzzy estimates and word counts."""
