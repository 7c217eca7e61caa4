"""The adapter to Asterisk's manager interface (AMI, Asterisk 22.10).

It knows which agents' telephones can be reached, and carries the few orders that ARI does not take:
reloading the configuration and having a stuck event connection dialled again.
"""

from ivrengine.softswitch.ami.client import AmiClient
from ivrengine.softswitch.ami.contacts import ContactChanged
from ivrengine.softswitch.ami.settings import AmiAccess, AmiSettings

__all__ = ["AmiAccess", "AmiClient", "AmiSettings", "ContactChanged"]
