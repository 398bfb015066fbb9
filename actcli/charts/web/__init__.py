"""Charts that are part of a page."""
