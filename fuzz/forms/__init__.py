"""The generator behind fuzz/randforms.py: types, and functions full of the language's forms over them."""
