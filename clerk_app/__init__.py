"""The counter program for manual (off-network) reimbursement of off-site outpatient receipts."""

__version__ = "0.1.0"
