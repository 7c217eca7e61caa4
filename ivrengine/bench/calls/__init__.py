"""The same callers at the engine and at a dialplan with app_queue: what each costs and takes."""
