"""Audit a company's go-to-market tool stack: is it Sales-Ops- or RevOps-shaped, and what should it do first?"""

__version__ = "0.1.0"
