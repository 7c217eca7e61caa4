"""The voice mailbox: complaints, suggestions and messages, each under a ticket number."""
