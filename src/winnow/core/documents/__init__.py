"""Documents of a release: Markdown with sections, promises and figures that are references."""
