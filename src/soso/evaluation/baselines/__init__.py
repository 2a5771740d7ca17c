"""What others would find in the same documents, each behind the same methods."""
