"""Every conversation: inbox, transcript, owner, the ordered worker and the brain client."""
