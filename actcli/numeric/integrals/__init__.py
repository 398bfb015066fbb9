"""Integrals of plain functions by quadrature."""
