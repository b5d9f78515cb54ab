"""What was really spent: bills read, mapped to the budget and added up; and the budget as rows of a bill."""
