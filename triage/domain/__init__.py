"""The pure core: values in, values out. No clock, file, database, log or Flask."""
