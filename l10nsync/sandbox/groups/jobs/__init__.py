"""The sandbox's translation jobs, their custom fields and schedules."""
