"""Matrix: a room on a homeserver."""

from smmflow.networks.matrix.network import Matrix, MatrixSettings

__all__ = ["Matrix", "MatrixSettings"]
