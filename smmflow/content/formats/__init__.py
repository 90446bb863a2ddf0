"""The file formats: what each kind of file may say, and what becomes of it."""
