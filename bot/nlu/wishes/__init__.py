"""How many things a customer wants with one message, and which words belong to which."""
