"""Personal data: what is removed before anything is kept, and how what is kept is deleted, told and accounted for."""
