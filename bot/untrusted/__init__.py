"""What comes from outside, made safe before anything uses or shows it: JSON, lines, terminals, logs, addresses."""
