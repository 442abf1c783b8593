"""What must hold whatever is written or said: few examples here, 10,000 each in `make prove`."""

import os

EXAMPLES = 10_000 if os.environ.get("PROVE") else 60
