"""Documents people write: read strictly, checked in words, edited without touching what is not changed."""
