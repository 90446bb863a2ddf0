"""`python -m smmflow` is `smmflow`."""

from smmflow.cli import main

if __name__ == "__main__":
    main()
