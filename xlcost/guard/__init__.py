"""What is looked at before a file that somebody sent is read: nothing in it may do harm, and it must be what it
says."""
