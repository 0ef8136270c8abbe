'use client'
import type { Message } from '../model/index.js'
import { useWaitingFileUrl } from '../react/useUpload.js'
import { UploadProgress } from './UploadProgress.js'

/** A picture of mine on its way: from this device, until it has an address. */
export function WaitingPicture({ message, alt }: { message: Message; alt: string }) {
  const url = useWaitingFileUrl(message, false)
  return (
    <>
      {url !== null && <img className="rb-media-waiting" src={url} alt={alt} draggable={false} />}
      <UploadProgress message={message} />
    </>
  )
}
