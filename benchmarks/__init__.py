"""Ratios against a named floor, each pair measured in the same run."""
