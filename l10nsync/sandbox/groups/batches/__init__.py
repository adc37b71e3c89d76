"""The sandbox's job batches."""
