"""Small companies that are not the reference assistant, each laid out as a company lays out its folder."""
