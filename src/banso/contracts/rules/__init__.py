"""Pure decisions about contracts: months, terms, chains of lines, recurring revenue."""
