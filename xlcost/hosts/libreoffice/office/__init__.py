"""What runs inside LibreOffice, in whatever Python 3.8 or later it brings: the standard library and UNO, nothing else.

`xlcost.hosts.libreoffice.extension` copies these modules into the extension.
"""
