"""`python -m vae_core`."""

import sys

if __name__ == "__main__":
    try:
        from vae_core.cli.cli import main  # takes seconds: torch comes with it
    except KeyboardInterrupt:
        sys.exit(130)
    sys.exit(main())
