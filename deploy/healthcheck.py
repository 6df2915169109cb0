"""Is the web server of this container healthy? Exit code 0 or 1 (Docker's question)."""

import http.client
import sys

link = http.client.HTTPConnection("127.0.0.1", 8000, timeout=4)
try:
    link.request("GET", "/healthz", headers={"Host": "localhost"})
    sys.exit(link.getresponse().status != http.HTTPStatus.OK)
except OSError:
    sys.exit(1)
