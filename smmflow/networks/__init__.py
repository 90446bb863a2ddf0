"""Networks: one module each, behind one interface."""
