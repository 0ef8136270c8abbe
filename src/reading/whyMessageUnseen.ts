import { whyUnseen, type UnseenReason } from './measure.js'

/** What the kit draws in place of a message: of a kind that it cannot draw, of a part that threw, of a picture or a video that is not to be had. */
const IN_ITS_PLACE = '.rb-text[data-fallback], .rb-media-missing'
/** A voice message without its player, an empty box: that is code which has not come, offline for long. */
const NOT_DRAWN = '.rb-voice-place:empty'
/** The button of a text of which only the beginning is drawn. */
const SHOW_MORE = '.rb-text-button[aria-expanded="false"]'

/**
 * {@link whyUnseen} of a message that parts of this kit draw: besides, a part may show something else in its place (`cannotBeShown`), or the beginning of it
 * alone (`shortened`), or have drawn nothing so far (`notPainted`). `<MessageList>` and `useDwellRead` ask it; a `createReadReporter` around rows of this kit is given it as `whyUnseen`.
 * @public
 */
export function whyMessageUnseen(element: Element, fraction?: number, root?: Element | null): UnseenReason | null {
  const shows = (parts: string) => element.matches(parts) || element.querySelector(parts) !== null
  if (shows(IN_ITS_PLACE)) return 'cannotBeShown'
  if (shows(SHOW_MORE)) return 'shortened'
  return shows(NOT_DRAWN) ? 'notPainted' : whyUnseen(element, fraction, root)
}
