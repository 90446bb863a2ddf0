"""Languages and scripts: measures, digits, dates, direction, messages, entities."""
