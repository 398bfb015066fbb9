"""Periods, and what turns for ever, against what is known of the functions."""
