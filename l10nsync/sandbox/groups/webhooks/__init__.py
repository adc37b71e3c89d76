"""The sandbox's webhooks, and what happened."""
