"""The subcommands: one module each, named as the user types it, holding one `command`."""
