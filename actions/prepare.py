"""What has to be there before the assistant starts: the demonstration shop, its visits brought up to today.

``make run`` runs this module of a company before anything is started; a company without one needs no preparation.
"""

from __future__ import annotations

from actions.shop import seed

if __name__ == "__main__":
    seed.main()
