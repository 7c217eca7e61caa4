"""Voices: engines that turn a text into a waveform, each behind :class:`~.voice.Voice`.

They are only needed to render the prompts again, never to serve a call.
"""
