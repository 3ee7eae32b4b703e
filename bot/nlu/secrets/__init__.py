"""HIDE what nobody may keep: card numbers and passwords, before a message is stored."""
