"""Programs that make committed files: pictures and reference pages."""
