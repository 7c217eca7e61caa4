"""Service observing: supervisors listen to agents, whisper to them, barge in and take over."""
