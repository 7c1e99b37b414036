"""`python -m vae_core`, and the command `vae-core` of an installation."""

import sys


def main() -> int:
    """Run the command and return its exit status; Ctrl-C while it is imported ends it quietly, too."""
    try:
        from vae_core.cli.main import main as run  # takes seconds: torch comes with it
    except KeyboardInterrupt:
        return 130
    return run()


if __name__ == "__main__":
    sys.exit(main())
