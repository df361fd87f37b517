"""What the project claims about accuracy and speed, measured on your machine."""
