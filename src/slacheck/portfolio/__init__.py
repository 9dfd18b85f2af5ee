"""Many agreements on one scorecard."""
