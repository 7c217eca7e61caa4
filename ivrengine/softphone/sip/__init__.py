"""The telephone itself: SIP over UDP, sound and keys over RTP, on real sockets."""
