"""What a formula does again: symmetry, period and repetition, proved as identities."""
