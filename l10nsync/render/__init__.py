"""Plans, reports and diagnostics as text, JSON, Markdown and GitHub annotations. Pure."""
