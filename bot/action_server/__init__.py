"""The process in which a company's actions run, and who may call it."""
