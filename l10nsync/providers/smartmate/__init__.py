"""SmartMATE's WorkFlow API: orders of whole documents; see `identity` for how they are known again."""
