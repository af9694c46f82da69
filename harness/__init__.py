"""The product: scripts virtual clients against any chat and judges what it saw.

ARCHITECTURE.md tells the whole program in one sentence; the folders below are its words.
"""
