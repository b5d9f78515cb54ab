"""What people send to each other."""
