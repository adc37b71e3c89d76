"""The sandbox's glossaries."""
