"""Two exports of the same time or records: where they disagree, and what that changes."""
