"""What collected messages mean: their times, their people, their rows of usage."""
