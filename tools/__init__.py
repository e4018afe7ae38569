"""What builds and checks the book. Nothing here is imported by `course_code` or a chapter."""
