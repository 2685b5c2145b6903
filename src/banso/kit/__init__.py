"""Small tools without business words: time, money, numbers, text, errors."""
