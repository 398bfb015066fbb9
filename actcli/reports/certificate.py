"""A certificate: a program reads its JSON."""

from __future__ import annotations

from actcli.functions.certificate import Certificate
from actcli.results import Report


class CertificateReport(Report[Certificate]):
    """Nothing but the certificate."""
