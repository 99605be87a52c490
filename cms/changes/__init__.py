"""The change log: every change that a reader could notice, numbered in the order of commits."""
