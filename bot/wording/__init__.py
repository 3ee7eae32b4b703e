"""Every sentence of the product that a customer can read: a key, an English default, translations, a company's own."""
