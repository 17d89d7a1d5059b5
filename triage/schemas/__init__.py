"""marshmallow schemas: outside data to domain values and back; unknown fields are refused."""
