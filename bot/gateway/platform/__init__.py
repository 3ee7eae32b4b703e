"""What every part of the gateway stands on."""
