"""The nouns of social media work: frozen values, a module each, no input or output."""
