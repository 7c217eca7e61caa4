"""A telephony-first IVR and ACD engine on an open softswitch."""
