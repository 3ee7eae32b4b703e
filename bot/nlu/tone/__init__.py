"""Whether a customer is upset with us by now."""
