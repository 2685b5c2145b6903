"""Companies, people, ownership, the timeline and tasks."""
