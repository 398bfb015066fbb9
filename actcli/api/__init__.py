"""The commands as Python functions; `import actcli` offers them, each imported on first use."""
