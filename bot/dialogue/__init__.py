"""What a reply means inside the question that a form has asked, and how a form asks again."""
