"""Reading requests of the collection API, shared by the door and by the worker behind it."""
