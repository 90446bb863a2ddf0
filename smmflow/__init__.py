"""smmflow: social media work kept as code. Start reading at `smmflow.workflow`."""

__version__ = "0.1.0"
__all__ = ["__version__"]
