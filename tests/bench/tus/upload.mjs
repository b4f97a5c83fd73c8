// Uploads one file with tus-js-client as its documentation shows it; the last line says how many seconds it took.
// node upload.mjs ENDPOINT FILE [TOKEN ROOM NAME]
import { createReadStream } from 'node:fs'
import { Upload } from 'tus-js-client'

const [endpoint, file, token, room, filename] = process.argv.slice(2)
const began = performance.now()

const upload = new Upload(createReadStream(file), {
  endpoint,
  headers: token ? { Authorization: `Bearer ${token}` } : {},
  metadata: token ? { room, filename } : {},
  retryDelays: Array(50).fill(200),
  onError: (error) => {
    console.log(JSON.stringify({ failed: error.message }))
    process.exitCode = 1
  },
  onSuccess: () => console.log(JSON.stringify({ took_s: (performance.now() - began) / 1000 })),
})
upload.start()
