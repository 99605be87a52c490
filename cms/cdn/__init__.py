"""Whole answers in a CDN: what they are made of, and how they are taken back."""
