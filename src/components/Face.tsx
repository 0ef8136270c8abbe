'use client'
import type { UserId } from '../model/index.js'
import { useParts } from '../react/parts.js'
import type { Presence } from '../transport/index.js'
import { Avatar } from './Avatar.js'

interface FaceProps {
  readonly userId: UserId
  readonly name: string
  readonly avatarUrl: string | undefined
  /** Default: nobody knows, and nothing is marked. */
  readonly presence?: Presence | null
}

/** Somebody's picture, by the part that the app may have replaced, marked while they are there. Decorative: the name and that are said beside it. */
export function Face({ userId, name, avatarUrl, presence = null }: FaceProps) {
  const AvatarPart = useParts().Avatar ?? Avatar
  return (
    <span className="rb-face" data-presence={presence ?? undefined}>
      <AvatarPart userId={userId} name={name} {...(avatarUrl === undefined ? {} : { src: avatarUrl })} />
    </span>
  )
}
