"""What several pages show: headers, forms, the mapper and the editor."""
