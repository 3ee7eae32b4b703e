"""Every command line, one file a topic; `warmline --help` shows all of them."""
