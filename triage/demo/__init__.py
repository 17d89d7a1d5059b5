"""One invented Saturday night that tells what the service does, played on a clock of its own."""
