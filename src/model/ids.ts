/** Ids of the kit's nouns. A plain string fits each of them; passing one kind where another is meant is a type error. */

type Flavor<Name extends string> = string & { readonly __id?: Name }

/** Who somebody is to the app's own user directory. @public */
export type UserId = Flavor<'user'>

/** A conversation, as the back end names it. @public */
export type ConversationId = Flavor<'conversation'>

/** Given by the back end when it accepts a message. Compared only for equality, or last within a {@link Point}. @public */
export type MessageId = Flavor<'message'>

/** Chosen by the sending device before the message leaves; the same for every retry, so that a repeat is recognised (XEP-0359 origin-id). @public */
export type LocalId = Flavor<'local'>
