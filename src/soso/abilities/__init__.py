"""What can be done with an archive, one topic a file; bootstrap.App is all of them."""
