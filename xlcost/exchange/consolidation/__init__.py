"""Files of many departments become one budget: every row read is taken or rejected, with its reason."""
