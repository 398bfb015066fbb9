"""The formula language: a formula in x as an activation, parsed and never run as Python."""
