"""A certificate: a program reads its JSON."""

from __future__ import annotations

from actcli.functions.certificate import Certificate
from actcli.meanfield.gain import GainCertificate
from actcli.results import Report


class CertificateReport(Report[Certificate]):
    """Nothing but the certificate."""


class GainCertificateReport(Report[GainCertificate]):
    """Nothing but the certificate."""
