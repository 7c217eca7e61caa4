"""What can happen in a conversation: holds, transfers, consultations, conferences."""
