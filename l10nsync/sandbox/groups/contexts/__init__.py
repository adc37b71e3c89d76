"""The sandbox's visual contexts."""
