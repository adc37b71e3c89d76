"""The sandbox's projects, their locales and workflows."""
