"""The website widget, the demo shop page and the desk page, with the built files that are served."""
