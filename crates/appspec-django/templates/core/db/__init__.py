"""What databases do alike."""
