"""What `map` is measured against: programs that read orders as lines of JSON and write the mapped ones."""
