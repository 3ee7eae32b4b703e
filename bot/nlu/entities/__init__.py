"""What a sentence names: numbers, products, places, addresses, days and times."""
