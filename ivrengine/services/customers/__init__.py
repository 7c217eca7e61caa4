"""Who the customers are: known by their telephone before the answer, by number and PIN after it."""
