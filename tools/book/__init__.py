"""The web book: what there is to read here, made by Sphinx from the stored outputs."""
