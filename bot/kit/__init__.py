"""The actions that every company needs: answer, ask back, hand over, welcome back (rasa_sdk only)."""
