"""What a sentence asks for, how sure that is, and from where on it is sure enough."""
