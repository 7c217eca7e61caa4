"""What a load has shown: its figures, a verdict for each bar, and both as JSON and as a page."""
