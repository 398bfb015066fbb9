"""What is said of f' and f'': their formulas, the values of f'', where |f'| is largest."""
