"""One file a channel, one small protocol for all of them."""
