"""What credits are a share of: fees, and what each is worth for one line in one period."""
