"""What every interface for programs has in common: strict reading of what is asked and sent, errors as JSON in Chinese."""
