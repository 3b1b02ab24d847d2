"""White label: a brand file is read, its logo is made harmless and its colours are made legible."""

from stackaudit.brand.load import load_brand

__all__ = ["load_brand"]
