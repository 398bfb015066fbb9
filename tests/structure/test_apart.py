"""How far functions are apart, against closed forms and mpmath, which share no code with it."""
