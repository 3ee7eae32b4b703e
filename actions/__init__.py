"""What the company does: rasa-sdk actions, one file each; wiring.py is where real things are chosen."""
