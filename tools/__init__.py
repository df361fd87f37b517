"""What runs the lessons, and what maintainers use to build and check them."""
