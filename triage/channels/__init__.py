"""Ways out of the building for an alert, one small file each; a phone that rings is not an ack."""
