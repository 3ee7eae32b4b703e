"""The only place that imports rasa: the pipeline's components, the private channel, the dialogue state, the server."""
