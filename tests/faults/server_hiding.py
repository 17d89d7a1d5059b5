"""The planted fault: one record that cannot be read takes every list down with it."""

from triage.casework import detained136, views
from triage.cli import main

if __name__ == "__main__":
    views.one_record = detained136.one_record = lambda read, instead: (read(), True)
    main()
