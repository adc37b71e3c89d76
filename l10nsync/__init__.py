"""Keep the resource files of a git repository and their translations in step with a TMS."""

__version__ = "0.1.0"
