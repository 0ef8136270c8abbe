/** What draws a file, a picture, a video and a voice message, where it is to be there at once. */
import type { AttachmentBodies } from './attachmentBodiesContext.js'
import { FileBody } from './FileBody.js'
import { ImageBody } from './ImageBody.js'
import { VideoBody } from './VideoBody.js'
import { VoiceBody } from './VoiceBody.js'

export const attachmentBodies: AttachmentBodies = { FileBody, ImageBody, VideoBody, VoiceBody }
