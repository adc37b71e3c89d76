"""The APIs of the service, a folder each: its rules, and how it says them (`responses`)."""
