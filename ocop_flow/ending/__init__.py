"""What ends when, on paper: a sheet as page, PDF or workbook, and a letter to each entity."""
