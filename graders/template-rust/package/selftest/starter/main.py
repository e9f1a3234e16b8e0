# Print three lines.
