"""What is measured while a load is on: from outside each second, and by listening telephones."""
