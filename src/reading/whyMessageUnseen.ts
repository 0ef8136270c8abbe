import { whyUnseen, type UnseenReason } from './measure.js'

/** What the kit draws in place of a message: of a kind that it cannot draw, of a part that threw, of a picture or a video that is not to be had. */
const IN_ITS_PLACE = '.rb-text[data-fallback], .rb-media-missing'
/** The button of a text of which only the beginning is drawn. */
const SHOW_MORE = '.rb-text-button[aria-expanded="false"]'

/**
 * {@link whyUnseen} of a message that parts of this kit draw: besides, a part may show something else in its place (`cannotBeShown`), or the beginning of it
 * alone (`shortened`). `<MessageList>` and `useDwellRead` ask it; a `createReadReporter` around rows of this kit is given it as `whyUnseen`.
 * @public
 */
export function whyMessageUnseen(element: Element, fraction?: number, root?: Element | null): UnseenReason | null {
  const shows = (parts: string) => element.matches(parts) || element.querySelector(parts) !== null
  return shows(IN_ITS_PLACE) ? 'cannotBeShown' : shows(SHOW_MORE) ? 'shortened' : whyUnseen(element, fraction, root)
}
