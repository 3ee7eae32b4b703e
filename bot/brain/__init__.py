"""The only place that imports rasa: pipeline components, the private channel, the dialogue state."""
