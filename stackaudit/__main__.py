"""``python -m stackaudit``."""

from stackaudit.cli import main

if __name__ == "__main__":
    main()
