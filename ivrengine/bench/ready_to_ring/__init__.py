"""From an agent becoming ready to the telephone ringing, beside app_queue, at real telephones."""
