"""The website widget, the desk page and a company's own page, with the built files that are served."""
