"""What a budget is made of besides its runs: its tables, its settings, and the plan of a workbook."""
