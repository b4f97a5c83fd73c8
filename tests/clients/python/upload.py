"""Uploads one file with tuspy as its documentation shows it: retries after a cut, and goes on with the upload that an
earlier life of this program began. Says where it begins and that it is done, each in one line of JSON.

python upload.py ENDPOINT TOKEN ROOM FILE NAME URLS
"""

import json
import sys

from tusclient import client
from tusclient.storage.filestorage import FileStorage

endpoint, token, room, file, name, urls = sys.argv[1:]


def say(**what):
    print(json.dumps(what), flush=True)


uploader = client.TusClient(endpoint, headers={"Authorization": f"Bearer {token}"}).uploader(
    file,
    chunk_size=4 * 1024 * 1024,
    metadata={"room": room, "filename": name},
    retries=50,
    retry_delay=0.2,
    store_url=True,
    url_storage=FileStorage(urls),
)
say(begins_at=uploader.offset)
uploader.upload()
say(done=True, offset=uploader.offset)
