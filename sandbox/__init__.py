"""Local stand-ins for outside systems, so that an integration can be tried before there is an account."""
