/** Preloaded into a server (`--import`): of one write to its files only a half happens, and the process is gone. `READBACK_KILL_AT_WRITE` says which. */
import fs from 'node:fs'

let left = Number(process.env.READBACK_KILL_AT_WRITE)
const { writeSync } = fs
fs.writeSync = (fd, buffer, offset, length, position) => {
  left -= 1
  if (left > 0) return writeSync(fd, buffer, offset, length, position)
  writeSync(fd, buffer, offset, length >> 1, position)
  process.kill(process.pid, 'SIGKILL')
}
