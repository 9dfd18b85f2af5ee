"""Pictures as SVG: values in, text out. Nothing is imported before it is drawn."""
