'use client'
/** Parts of a window that come beside the engine. */
import type { AttachmentBodies } from './attachmentBodiesContext.js'
import { lazyModule } from './lazyModule.js'
import { lazyPart } from './lazyPart.js'

export const besideEngine = lazyModule(() => import('./besideEngine.js'))

export const LAZY_BODIES: AttachmentBodies = {
  FileBody: lazyPart(besideEngine, ({ FileBody }) => FileBody),
  ImageBody: lazyPart(besideEngine, ({ ImageBody }) => ImageBody),
  VideoBody: lazyPart(besideEngine, ({ VideoBody }) => VideoBody),
  VoiceBody: lazyPart(besideEngine, ({ VoiceBody }) => VoiceBody),
}
