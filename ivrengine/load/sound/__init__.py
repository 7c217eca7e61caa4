"""The sound of many calls from one thread: RTP with keys goes out, what comes in is checked.

`Lines` is it as a library, for telephones whose signalling is in the same process:

    with Lines.opened() as lines:               # inside a running event loop
        line = lines.take(Voice.AGENT)          # line.address is what to offer in the session
        line.talk_to(sdp.read(answer))          # sound goes out from here on
        line.press("600519")                    # returns the seconds that it will take
        line.heard                              # what has come in: any sound, an agent's voice
        line.leave()

`SoundServer` is the same over TCP, for SIPp; `ivrengine.load.sound.protocol` says what it is told.
An agent's telephone that sends `Voice.AGENT` is recognised by the callers of a load, who then begin
to count the seconds of their conversation.
"""
