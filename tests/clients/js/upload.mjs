// Uploads one file with tus-js-client as its documentation shows it: retries after a cut, and goes on with the upload
// that an earlier life of this program began. Says each thing it does in one line of JSON.
// node upload.mjs ENDPOINT TOKEN ROOM FILE NAME URLS
import { createReadStream } from 'node:fs'
import { FileUrlStorage, Upload } from 'tus-js-client'

const [endpoint, token, room, file, name, urls] = process.argv.slice(2)
const say = (what) => console.log(JSON.stringify(what))

const upload = new Upload(createReadStream(file), {
  endpoint,
  headers: { Authorization: `Bearer ${token}` },
  metadata: { room, filename: name },
  retryDelays: Array(50).fill(200),
  urlStorage: new FileUrlStorage(urls),
  onAfterResponse: (request, response) =>
    say({ method: request.getMethod(), status: response.getStatus(), offset: response.getHeader('Upload-Offset') }),
  onShouldRetry: (error) => {
    say({ again: error.message })
    return true
  },
  onError: (error) => {
    say({ failed: error.message })
    process.exitCode = 1
  },
  onSuccess: () => say({ done: true }),
})

const [before] = await upload.findPreviousUploads()
if (before) {
  upload.resumeFromPreviousUpload(before)
}
upload.start()
