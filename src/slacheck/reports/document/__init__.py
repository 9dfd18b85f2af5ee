"""What a reader sees of one statement, for every format that people read: HTML, PDF and Markdown dress it."""
