"""What of a customer's message is read, and in which pieces; every reader's cost follows from it."""
