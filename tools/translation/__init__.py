"""Other languages: what is to be translated, what was, and what is made from it."""
