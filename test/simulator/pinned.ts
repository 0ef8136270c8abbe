/** Schedules that once broke a rule, as short as they could be made, each named for what was wrong. They stay for ever. */
import { BREAK, type Schedule } from './schedule.js'

export const PINNED: readonly { readonly name: string; readonly schedule: Schedule }[] = [
  {
    name: 'history that is missing is not told as delivered: the gap counts before the messages that came with it',
    schedule: { seed: 7, latencyMs: 0, seeded: 40, steps: [] },
  },
  {
    name: 'who comes back into a group learns what was read in it meanwhile',
    schedule: { seed: 44, latencyMs: 0, seeded: 40, steps: [{ after: 2500, do: 'leave', user: 'bob' }, { after: 2500, do: 'read', d: 4, c: 'team', from: 0.667, count: 1 }, { after: 900, do: 'join', user: 'bob' }] },
  },
  {
    name: 'what was read just before receipts were switched off still reaches my own devices',
    schedule: { seed: 138, latencyMs: 0, seeded: 4, steps: [{ after: -1, do: 'read', d: 0, c: 'team', from: 0.944, count: 8 }, { after: -1, do: 'receipts', d: 0, to: 'off' }] },
  },
  {
    name: 'who leaves with the message still has it: no status falls at the next start',
    schedule: { seed: 460, latencyMs: 5, seeded: 4, steps: [{ after: 900, do: 'leave', user: 'bob' }, { after: 15, do: 'leave', user: 'cat' }, { after: 60, do: 'crash', d: 1 }] },
  },
  {
    name: 'of what is read across the place where receipts were switched on, everything after it is told',
    schedule: { seed: 1258, latencyMs: 40, seeded: 0, steps: [{ after: -1, do: 'receipts', d: 4, to: 'private' }, { after: 2500, do: 'send', d: 0, c: 'team' }, { after: 250, do: 'read', d: 3, c: 'team', from: 0.355, count: 3 }, { after: 15, do: 'receipts', d: 4, to: 'public' }, { after: 15, do: 'send', d: 2, c: 'team' }, { after: 900, do: 'send', d: 2, c: 'team' }, { after: 2500, do: 'read', d: 4, c: 'team', from: 0.218, count: 9 }] },
  },
  {
    name: 'who comes back into a group knows that history is missing from while they were away',
    schedule: { seed: 3273, latencyMs: 0, seeded: 4, steps: [{ after: 15, do: 'leave', user: 'cat' }, { after: 900, do: 'send', d: 1, c: 'team' }, { after: 900, do: 'join', user: 'cat' }, { after: 900, do: 'send', d: 1, c: 'team' }] },
  },
  {
    name: 'a new device of somebody who comes back knows that everything before is missing',
    schedule: { seed: 20004, latencyMs: 5, seeded: 40, steps: [{ after: 250, do: 'leave', user: 'bob' }, { after: 15, do: 'fresh', d: 2 }, { after: 2500, do: 'send', d: 4, c: 'pair' }, { after: 0, do: 'join', user: 'bob' }] },
  },
  {
    name: 'a list that begins at missing history takes in no changed row from before it',
    schedule: { seed: 30008, latencyMs: 5, seeded: 40, steps: [{ after: 60, do: 'leave', user: 'bob' }, { after: 250, do: 'send', d: 1, c: 'team' }, { after: 60, do: 'recall', d: 4, c: 'team' }, { after: 1, do: 'join', user: 'bob' }, { after: 15, do: 'view', d: 0, c: 'team', from: 0.5375, count: 1 }, { after: 0, do: 'jump', d: 3, c: 'team', to: 'newest' }, { after: 15, do: 'recall', d: 2, c: 'team' }, { after: 250, do: 'send', d: 4, c: 'team' }] },
  },
  {
    name: 'a gap that was lost on the way is told again with the next first sight, whatever came meanwhile',
    schedule: { seed: 40138, latencyMs: 0, seeded: 40, steps: [{ after: 0, do: 'fault', on: 'event', action: 'hang', times: 3, delayMs: 50 }, { after: 60, do: 'fresh', d: 2 }, { after: 60, do: 'send', d: 3, c: 'pair' }, { after: 1, do: 'send', d: 1, c: 'pair' }] },
  },
  {
    name: 'what the hub does after the connection broke over which it was asked is told to the device that asked',
    schedule: { seed: 50060, latencyMs: 0, seeded: 0, steps: [{ after: 250, do: 'fault', on: 'send', action: 'delay', times: 2, delayMs: 3000 }, { after: 900, do: 'send', d: 3, c: 'pair' }, { after: 15, do: 'send', d: 0, c: 'team' }, { after: 60, do: 'fault', on: 'report', action: 'disconnect', times: 3, delayMs: 50 }, { after: 900, do: 'send', d: 1, c: 'pair' }, { after: 0, do: 'reset', c: 'team', lose: 2 }] },
  },
  {
    name: 'receipts of a conversation that is not known yet are not said to be off',
    schedule: { seed: 25, latencyMs: 0, seeded: 4, steps: [{ after: 250, do: 'fault', on: 'connect', action: 'drop', times: 3, delayMs: 50 }, { after: 900, do: 'fault', on: 'connect', action: 'dropAnswer', times: 1, delayMs: 50 }, { after: 250, do: 'fresh', d: 4 }, { after: 2500, do: 'send', d: 0, c: 'team' }, { after: 0, do: 'receipts', d: 4, to: 'off', c: 'team' }, { after: 2500, do: 'view', d: 2, c: 'pair', from: 0.073, count: 1 }, { after: 1, do: 'read', d: 4, c: 'team', from: 0.417, count: 3 }] },
  },
  {
    name: 'a receipt that reaches into what the server lost is known to a new device once the conversation goes on',
    schedule: { seed: 50103, latencyMs: 0, seeded: 4, steps: [{ after: 0, do: 'reset', c: 'pair', lose: 2 }, { after: 900, do: 'fresh', d: 3 }, { after: 15, do: 'read', d: 1, c: 'pair', from: 0.992, count: 2 }] },
  },
  {
    name: 'a page that was fetched for one place of a list is not laid over another to which it was opened meanwhile',
    schedule: { seed: 101761, latencyMs: 5, seeded: 0, steps: [{ after: 15, do: 'leave', user: 'bob' }, { after: -1, do: 'send', d: 0, c: 'team' }, { after: 250, do: 'send', d: 1, c: 'team' }, { after: 0, do: 'join', user: 'bob' }, { after: 900, do: 'join', user: 'cat' }, { after: 0, do: 'leave', user: 'bob' }, { after: -1, do: 'read', d: 3, c: 'team', from: 0.82, count: 3 }, { after: 1, do: 'send', d: 4, c: 'team' }, { after: 1, do: 'join', user: 'bob' }, { after: 250, do: 'read', d: 0, c: 'pair', from: 0.697, count: 3 }, { after: 250, do: 'receipts', d: 3, to: 'public' }, { after: 15, do: 'older', d: 2, c: 'team' }, { after: -1, do: 'jump', d: 2, c: 'team', to: 'firstUnread' }, { after: 250, do: 'read', d: 4, c: 'team', from: 0.711, count: 3 }] },
  },
  {
    name: 'my other devices hold what was cleared up to a place that the server lost, until the conversation goes on',
    schedule: { seed: 101636, latencyMs: 0, seeded: 4, steps: [{ after: 250, do: 'clear', d: 0, c: 'team' }, { after: 900, do: 'reset', c: 'team', lose: 2 }, { after: 2500, do: 'fresh', d: 1 }] },
  },
  {
    name: 'a tab that lost the news of the connection asks again',
    schedule: { seed: 26, latencyMs: 0, seeded: 0, tabs: { locks: true, channel: true, trouble: 0.6 }, steps: [{ after: 0, do: 'fault', on: 'send', action: 'disconnect', times: 1, delayMs: 50 }, { after: 15, do: 'send', d: 0, t: 2, c: 'team' }, { after: 900, do: 'read', d: 1, t: 1, c: 'pair', from: 0.235, count: 3 }] },
  },
  {
    name: 'what was recalled unheard by this tab is not taken off the count a second time when it is read here',
    schedule: { seed: 75, latencyMs: 120, seeded: 4, tabs: { locks: true, channel: true, trouble: 0.6 }, steps: [{ after: 15, do: 'send', d: 3, t: 1, c: 'team' }, { after: 0, do: 'send', d: 3, t: 0, c: 'team' }, { after: -1, do: 'send', d: 3, t: 0, c: 'team' }, { after: 2500, do: 'send', d: 2, t: 2, c: 'pair' }, { after: 2500, do: 'send', d: 2, t: 2, c: 'pair' }, { after: 2500, do: 'read', d: 4, t: 1, c: 'team', from: 0.006139254663139582, count: 23 }, { after: 0, do: 'send', d: 2, t: 0, c: 'team' }, { after: 2500, do: 'send', d: 3, t: 2, c: 'team' }, { after: 2500, do: 'read', d: 0, t: 2, c: 'team', from: 0.2396855449769646, count: 1 }, { after: 15, do: 'send', d: 4, t: 0, c: 'team' }, { after: 250, do: 'wait', ms: 15000 }, { after: 60, do: 'recall', d: 2, t: 0, c: 'team' }, { after: 2500, do: 'read', d: 4, t: 2, c: 'team', from: 0.7988746629562229, count: 2 }] },
  },
  {
    name: 'a message that was taken back while it was on its way comes back when the wire took it: others have it',
    schedule: { seed: 422, latencyMs: 40, seeded: 0, steps: [{ after: -1, do: 'send', d: 1, c: 'pair' }, { after: 15, do: 'discard', d: 1, c: 'pair' }, { after: 900, do: 'send', d: 0, c: 'pair' }] },
  },
  {
    name: 'a reply that also reads its target leaves before what was written after it',
    schedule: { seed: 100081, latencyMs: 0, seeded: 4, steps: [{ after: 250, do: 'reply', d: 3, c: 'pair' }, { after: -1, do: 'send', d: 3, c: 'pair' }] },
  },
  {
    name: 'what becomes due after a report had nothing to say keeps the row that will tell it',
    schedule: { seed: 101313, latencyMs: 0, seeded: 0, steps: [{ after: -1, do: 'fault', on: 'event', action: 'hang', times: 3, delayMs: 400 }, { after: 2500, do: 'send', d: 0, c: 'pair' }, { after: 15, do: 'send', d: 3, c: 'pair' }, { after: -1, do: 'fault', on: 'report', action: 'drop', times: 3, delayMs: 50 }, { after: 1, do: 'send', d: 1, c: 'pair' }, { after: 900, do: 'read', d: 1, c: 'team', from: 0.0048797226045280695, count: 2 }, { after: 1, do: 'off', d: 2 }, { after: 0, do: 'clear', d: 2, c: 'team' }, { after: -1, do: 'on', d: 2 }] },
  },
  {
    name: 'a message that was taken back while it was on its way and is refused leaves nothing that waits',
    schedule: { seed: 300894, latencyMs: 40, seeded: 0, steps: [{ after: 250, do: 'leave', user: 'bob' }, { after: 250, do: 'send', d: 2, c: 'team' }, { after: 1, do: 'discard', d: 2, c: 'team' }, { after: 2500, do: 'read', d: 1, c: 'pair', from: 0.066, count: 2 }] },
  },
  {
    name: 'a position does not pass what is late because it begins at a message of the same minutes',
    schedule: { seed: 303169, latencyMs: 40, seeded: 40, wire: { scope: 'point', sparse: true, late: true, garbled: true }, steps: [{ after: 900, do: 'send', d: 4, c: 'team' }, { after: 2500, do: 'restart', d: 3 }, { after: -1, do: 'receipts', d: 1, to: 'private', c: 'pair' }, { after: 1, do: 'clear', d: 0, c: 'team' }, { after: 1, do: 'read', d: 1, c: 'pair', from: 0.17782056261785328, count: 3 }, { after: 900, do: 'read', d: 0, c: 'pair', from: 0.2828638020437211, count: 2 }, { after: 2500, do: 'send', d: 4, c: 'team' }, { after: 0, do: 'send', d: 0, c: 'team' }, { after: 900, do: 'send', d: 2, c: 'team' }, { after: 0, do: 'send', d: 2, c: 'pair' }, { after: 60, do: 'fresh', d: 0 }, { after: 900, do: 'read', d: 0, c: 'team', from: 0.5414662554394454, count: 3 }] },
  },
  {
    name: 'what the server lost and a device still shows as unread is in the way of its position',
    schedule: { seed: 301642, latencyMs: 0, seeded: 0, wire: { scope: 'point', sparse: false, late: false, garbled: true }, steps: [{ after: 60, do: 'send', d: 3, c: 'team' }, { after: 250, do: 'reply', d: 1, c: 'team' }, { after: 900, do: 'reset', c: 'team', lose: 2 }, { after: 900, do: 'send', d: 1, c: 'team' }, { after: 60, do: 'read', d: 2, c: 'team', from: 0.5848333665635437, count: 3 }] },
  },
  {
    name: 'a position of what was received may pass what the server lost, as one of what was read',
    schedule: { seed: 300543, latencyMs: 0, seeded: 4, wire: { scope: 'point', sparse: false, late: true, garbled: false }, steps: [{ after: 900, do: 'send', d: 4, c: 'team' }, { after: 2500, do: 'send', d: 2, c: 'team' }, { after: 60, do: 'fault', on: 'send', action: 'drop', times: 3, delayMs: 400 }, { after: 250, do: 'send', d: 3, c: 'team' }, { after: 900, do: 'send', d: 2, c: 'team' }, { after: 2500, do: 'read', d: 2, c: 'pair', from: 0.3154328183736652, count: 3 }, { after: 250, do: 'read', d: 0, c: 'pair', from: 0.6670029489323497, count: 1 }, { after: 900, do: 'reset', c: 'pair', lose: 3 }, { after: 60, do: 'wait', ms: 1500 }, { after: 60, do: 'drop', d: 1 }, { after: 15, do: 'wait', ms: 1500 }, { after: 60, do: 'send', d: 3, c: 'team' }, { after: 60, do: 'wait', ms: 1500 }, { after: 900, do: 'edit', d: 0, c: 'pair' }, { after: 250, do: 'discard', d: 3, c: 'pair' }, { after: 60, do: 'send', d: 0, c: 'pair' }, { after: 15, do: 'read', d: 4, c: 'team', from: 0.626668545184657, count: 2 }, { after: 2500, do: 'older', d: 4, c: 'pair' }, { after: 900, do: 'edit', d: 3, c: 'pair' }, { after: 2500, do: 'fault', on: 'report', action: 'drop', times: 2, delayMs: 400 }, { after: 900, do: 'read', d: 3, c: 'pair', from: 0.9473566266242415, count: 3 }, { after: 1, do: 'send', d: 3, c: 'team' }, { after: 0, do: 'send', d: 3, c: 'pair' }, { after: 2500, do: 'recall', d: 3, c: 'team' }, { after: 2500, do: 'send', d: 4, c: 'pair' }, { after: 2500, do: 'clear', d: 0, c: 'team' }, { after: 60, do: 'reply', d: 3, c: 'pair' }, { after: 900, do: 'send', d: 2, c: 'pair' }, { after: 900, do: 'send', d: 0, c: 'pair' }, { after: 15, do: 'send', d: 2, c: 'pair' }, { after: -1, do: 'react', d: 4, c: 'team' }, { after: 2500, do: 'older', d: 2, c: 'pair' }, { after: -1, do: 'off', d: 0 }, { after: 2500, do: 'send', d: 2, c: 'pair' }, { after: 60, do: 'read', d: 2, c: 'team', from: 0.2034802392590791, count: 2 }, { after: 900, do: 'send', d: 3, c: 'pair' }, { after: 250, do: 'reset', c: 'pair', lose: 2 }, { after: 60, do: 'send', d: 3, c: 'pair' }] },
  },
  {
    name: 'a position waits at the end of an epoch for what may be late, and was written before it',
    schedule: { seed: 611062, latencyMs: 0, seeded: 0, wire: { scope: 'point', sparse: false, late: true, garbled: false }, steps: [{ after: 900, do: 'send', d: 3, c: 'team' }, { after: 900, do: 'shift', d: 2, ms: 86_400_000 }, { after: 0, do: 'send', d: 2, c: 'team' }, { after: 1, do: 'reset', c: 'team', lose: 0 }, { after: 60, do: 'send', d: 3, c: 'team' }] },
  },
  {
    name: 'history that came as news leaves no gap behind where it is told',
    schedule: { seed: 631221, latencyMs: 40, seeded: 40, wire: { scope: 'point', sparse: false, late: true, garbled: false }, steps: [{ after: -1, do: 'crash', d: 0 }, { after: 0, do: 'read', d: 0, c: 'team', from: 0.004305421840399504, count: 3 }] },
  },
  {
    name: 'a connection that breaks at one event brings none of those behind it',
    schedule: { seed: 631716, latencyMs: 0, seeded: 40, wire: { scope: 'point', sparse: true, late: false, garbled: false }, steps: [{ after: 60, do: 'fault', on: 'connect', action: 'delay', times: 1, delayMs: 400 }, { after: 1, do: 'fault', on: 'connect', action: 'hang', times: 3, delayMs: 50 }, { after: 900, do: 'fresh', d: 4 }, { after: 250, do: 'fault', on: 'event', action: 'disconnect', times: 3, delayMs: 3000 }, { after: 250, do: 'read', d: 4, c: 'team', from: 0.09398575010709465, count: 15 }, { after: 900, do: 'read', d: 0, c: 'pair', from: 0.741163894534111, count: 2 }] },
  },
  {
    name: 'a gap told over a reset is where messages are, and not up to the first that a device has',
    schedule: { seed: 700492, latencyMs: 5, seeded: 0, steps: [{ after: 1, do: 'fault', on: 'event', action: 'hang', times: 2, delayMs: 400 }, { after: -1, do: 'send', d: 3, c: 'team' }, { after: 900, do: 'send', d: 1, c: 'team' }, { after: 0, do: 'send', d: 3, c: 'team' }, { after: 15, do: 'read', d: 0, c: 'team', from: 0.9144689862150699, count: 2 }, { after: 2500, do: 'view', d: 4, c: 'pair', from: 0.3687689248472452, count: 1 }, { after: -1, do: 'fault', on: 'event', action: 'drop', times: 1, delayMs: 50 }, { after: 900, do: 'send', d: 3, c: 'team' }, { after: 250, do: 'send', d: 3, c: 'team' }, { after: 60, do: 'send', d: 3, c: 'team' }, { after: 1, do: 'send', d: 2, c: 'team' }, { after: 2500, do: 'send', d: 4, c: 'team' }, { after: 250, do: 'send', d: 4, c: 'team' }, { after: 900, do: 'send', d: 4, c: 'team' }, { after: 0, do: 'send', d: 1, c: 'team' }, { after: 900, do: 'send', d: 2, c: 'team' }, { after: 2500, do: 'reset', c: 'team', lose: 3 }, { after: 900, do: 'send', d: 0, c: 'team' }, { after: 0, do: 'send', d: 0, c: 'team' }, { after: -1, do: 'send', d: 0, c: 'team' }, { after: 15, do: 'send', d: 1, c: 'team' }, { after: 2500, do: 'send', d: 1, c: 'team' }, { after: 1, do: 'send', d: 1, c: 'team' }, { after: 1, do: 'send', d: 4, c: 'team' }, { after: 900, do: 'send', d: 4, c: 'team' }, { after: 60, do: 'send', d: 4, c: 'team' }, { after: 250, do: 'read', d: 3, c: 'pair', from: 0.3248969726264477, count: 3 }] },
  },
  {
    name: 'an account that is signed out of a page that is left in the same breath is signed out in the other tabs',
    schedule: { seed: 228, latencyMs: 0, seeded: 0, tabs: { locks: true, channel: false, trouble: 0.6 }, wire: { scope: 'point', sparse: true, late: false, garbled: false }, accounts: true, steps: [{ after: 0, do: 'signOut', d: 1, t: 2, data: 'wipe' }, { after: 0, do: 'signIn', d: 1, t: 1, user: 'ann' }, { after: 15, do: 'receipts', d: 1, t: 0, to: 'off', c: 'pair' }, { after: -1, do: 'signOut', d: 1, t: 1, data: 'keep' }, { after: -1, do: 'signIn', d: 1, t: 1, user: 'bob' }] },
  },
  {
    name: 'whoever reacts and is gone at once has read it all the same',
    schedule: { seed: 964176, latencyMs: 40, seeded: 4, wire: { scope: 'point', sparse: false, late: false, garbled: false }, steps: [{ after: 2500, do: 'send', d: 1, c: 'pair' }, { after: -1, do: 'wait', ms: 200 }, { after: -1, do: 'react', d: 2, c: 'pair' }, { after: -1, do: 'restart', d: 2 }] },
  },
  {
    name: 'a place of a message that the server lost is none that a later position has reached',
    schedule: { seed: 920205, latencyMs: 0, seeded: 0, wire: { scope: 'point', sparse: true, late: false, garbled: false }, steps: [{ after: 1, do: 'fault', on: 'send', action: 'dropAnswer', times: 1, delayMs: 50 }, { after: 0, do: 'send', d: 3, c: 'pair' }, { after: 2500, do: 'fault', on: 'connect', action: 'delay', times: 2, delayMs: 50 }, { after: 900, do: 'read', d: 1, c: 'pair', from: 0.968383600236848, count: 2 }, { after: 15, do: 'reset', c: 'pair', lose: 2 }, { after: 2500, do: 'react', d: 3, c: 'team' }, { after: 2500, do: 'read', d: 1, c: 'pair', from: 0.42799864592961967, count: 3 }, { after: 900, do: 'read', d: 1, c: 'team', from: 0.7446647041942924, count: 3 }, { after: 900, do: 'older', d: 1, c: 'pair' }] },
  },
  {
    name: 'what was sent again after a loss, and lost again, is told as lost',
    schedule: { seed: 965046, latencyMs: 0, seeded: 0, steps: [{ after: 1, do: 'send', d: 2, c: 'team' }, { after: 15, do: 'send', d: 3, c: 'team' }, { after: 2500, do: 'fault', on: 'call', action: 'hang', times: 2, delayMs: 400 }, { after: -1, do: 'fault', on: 'event', action: 'drop', times: 1, delayMs: 50 }, { after: 1, do: 'reset', c: 'team', lose: 1 }, { after: 0, do: 'reply', d: 2, c: 'team' }, { after: 15, do: 'send', d: 3, c: 'team' }, { after: 15, do: 'send', d: 2, c: 'team' }, { after: 1, do: 'reset', c: 'team', lose: 3 }] },
  },
  {
    name: 'what seemed recalled while it was lost is told as lost when the recall is refused',
    schedule: { seed: 964075, latencyMs: 5, seeded: 4, wire: { scope: 'point', sparse: true, late: true, garbled: false }, steps: [{ after: 15, do: 'fault', on: 'connect', action: 'hang', times: 3, delayMs: 400 }, { after: 900, do: 'crash', d: 3 }, { after: -1, do: 'reset', c: 'pair', lose: 3 }, { after: 1, do: 'send', d: 3, c: 'pair' }, { after: 15, do: 'recall', d: 3, c: 'pair' }] },
  },
  {
    name: 'the number of a message of mine that the server lost is not missing where a position passes',
    schedule: { seed: 940344, latencyMs: 40, seeded: 4, wire: { scope: 'point', sparse: false, late: false, garbled: true }, batch: 250, steps: [{ after: 0, do: 'reset', c: 'team', lose: 3 }, { after: 2500, d: 4, c: 'team', do: 'page', act: 'front', at: 1, ms: 60 }, { after: 1, do: 'read', d: 4, c: 'team', from: 0.13519897987134755, count: 3 }, { after: 1, do: 'send', d: 0, c: 'team' }, { after: 2500, do: 'crash', d: 1 }] },
  },
  {
    name: 'what was lost and sent again by another device is what it is where it stands now',
    schedule: { seed: 946107, latencyMs: 0, seeded: 4, wire: { scope: 'ranges', sparse: false, late: false, garbled: true }, steps: [{ after: -1, do: 'off', d: 3 }, { after: 15, do: 'reset', c: 'team', lose: 3 }, { after: 250, do: 'retry', d: 2, c: 'team' }, { after: 900, do: 'restart', d: 3 }] },
  },
  {
    name: 'what was read, lost and sent again is acknowledged by its new id',
    schedule: { seed: 975141, latencyMs: 40, seeded: 4, wire: { scope: 'message', sparse: false, late: true, garbled: false }, steps: [{ after: 15, do: 'reset', c: 'pair', lose: 2 }, { after: 900, do: 'discard', d: 3, c: 'pair' }, { after: 15, do: 'react', d: 2, c: 'pair' }, { after: 60, do: 'retry', d: 1, c: 'pair' }] },
  },
  {
    name: 'a position that cannot say yet that what was sent again is read at its second place leaves it unread on other devices',
    schedule: { seed: 1040109, latencyMs: 40, seeded: 0, wire: { scope: 'point', sparse: false, late: true, garbled: false }, steps: [{ after: 1, do: 'send', d: 0, c: 'pair' }, { after: 15, do: 'send', d: 1, c: 'pair' }, { after: 900, do: 'send', d: 3, c: 'pair' }, { after: 0, do: 'reset', c: 'pair', lose: 1 }, { after: 900, do: 'retry', d: 1, c: 'pair' }, { after: 250, do: 'read', d: 3, c: 'pair', from: 0.18754458287730813, count: 19 }] },
  },
  {
    name: 'who had what a server lost knows who read it, and who came later does not',
    schedule: { seed: 1095008, latencyMs: 120, seeded: 0, steps: [{ after: 250, do: 'send', d: 2, c: 'pair' }, { after: 1, do: 'send', d: 1, c: 'pair' }, { after: 60, do: 'send', d: 2, c: 'pair' }, { after: 0, do: 'send', d: 2, c: 'pair' }, { after: 900, do: 'reset', c: 'pair', lose: 0 }, { after: 15, do: 'send', d: 2, c: 'pair' }, { after: 1, do: 'read', d: 0, c: 'pair', from: 0.7795669757761061, count: 20 }, { after: 0, do: 'reset', c: 'pair', lose: 3 }, { after: 900, do: 'jump', d: 2, c: 'pair', to: 0.5841258950531483 }, { after: 15, do: 'read', d: 0, c: 'pair', from: 0.4914225130341947, count: 3 }, { after: 900, do: 'read', d: 2, c: 'pair', from: 0.7253044240642339, count: 3 }, { after: 1, do: 'fresh', d: 2 }] },
  },
  {
    name: 'a message that was lost and sent again is known by its new id where only a file says so',
    schedule: { seed: 3000039, latencyMs: 120, seeded: 4, tabs: { locks: true, channel: true, trouble: 0 }, wire: { scope: 'point', sparse: false, late: false, garbled: false }, steps: [{ after: 60, do: 'reset', c: 'pair', lose: 2 }, { after: 1, do: 'off', d: 0, t: 1 }, { after: 2500, do: 'fault', on: 'event', action: 'repeat', times: 3, delayMs: 50 }, { after: 60, do: 'retry', d: 2, t: 0, c: 'pair' }, { after: 900, d: 2, t: 2, c: 'pair', do: 'carry', to: 0 }] },
  },
  {
    name: 'what is done to a message that was deleted for good waits for nothing, in a tab that has not heard of it',
    schedule: { seed: 3000030, latencyMs: 0, seeded: 0, tabs: { locks: true, channel: true, trouble: 0.6 }, wire: { scope: 'ranges', sparse: false, late: false, garbled: false }, catchUp: { how: 'none', history: true, receipts: 'fetch' }, steps: [{ after: 2500, d: 2, t: 2, do: 'freeze' }, { after: -1, do: 'send', d: 2, t: 2, c: 'pair' }, { after: 900, d: 2, t: 2, c: 'pair', do: 'delete' }, { after: 900, do: 'recall', d: 3, t: 1, c: 'pair' }], deletions: 'forGood' },
  },
  {
    name: 'who had what was deleted for good knows no more who received it, where that was archived, and who came later does',
    schedule: { seed: 3000040, latencyMs: 40, seeded: 0, tabs: { locks: true, channel: true, trouble: 0.6 }, steps: [{ after: -1, do: 'send', d: 0, t: 2, c: 'pair' }, { after: 15, do: 'send', d: 0, t: 1, c: 'pair' }, { after: 250, do: 'fault', on: 'report', action: 'repeat', times: 1, delayMs: 3000 }, { after: 0, d: 0, t: 0, c: 'pair', do: 'delete' }, { after: 60, do: 'fresh', d: 0, t: 1 }], deletions: 'forGood', archiveAfterMs: 10_000 },
  },
  {
    name: 'what a tab is handed as it wakes, and another leads by now, it need not store: also when it wakes last',
    schedule: { seed: 3000013, latencyMs: 0, seeded: 0, tabs: { locks: true, channel: true, trouble: 0 }, wire: { scope: 'point', sparse: false, late: true, garbled: true }, catchUp: { how: 'queue', history: false, receipts: 'replay' }, steps: [{ after: 1, d: 0, t: 2, do: 'evict' }, { after: 0, do: 'send', d: 2, t: 0, c: 'pair' }, { after: 0, do: 'wait', ms: 8000 }, { after: 250, d: 0, t: 1, do: 'freeze' }, { after: 2500, do: 'fault', on: 'connect', action: 'refuse', times: 3, delayMs: 400 }, { after: 2500, do: 'read', d: 1, t: 1, c: 'pair', from: 0.40119931544177234, count: 2 }, { after: 0, d: 0, t: 0, do: 'freeze' }, { after: 1, d: 0, t: 2, do: 'freeze' }, { after: 250, d: 0, t: 1, do: 'evict' }, { after: 2500, do: 'wait', ms: 15000 }] },
  },
  {
    name: 'who received what the server lost is known no more to its author, where that was archived',
    schedule: { seed: 3100023, latencyMs: 5, seeded: 4, tabs: { locks: true, channel: true, trouble: 0.2 }, catchUp: { how: 'none', history: true, receipts: 'fetch' }, batch: 250, steps: [{ after: 15, do: 'wait', ms: 15000 }, { after: 900, d: 3, t: 0, do: 'freeze' }, { after: 1, do: 'wait', ms: 15000 }, { after: 900, do: 'reset', c: 'pair', lose: 3 }, { after: 15, d: 1, t: 1, c: 'team', do: 'page', act: 'open', at: 1, ms: 400 }], archiveAfterMs: 30_000 },
  },
  {
    name: 'a reset that a wire told once, to nobody, is heard of when the conversation goes on',
    schedule: { seed: 3100023, latencyMs: 5, seeded: 4, catchUp: { how: 'none', history: true, receipts: 'fetch' }, steps: [{ after: 60, do: 'reset', c: 'pair', lose: 1 }] },
  },
  {
    name: 'a position becomes parts where a file brings what stood before a reset and was never here; what was here stays read',
    schedule: { seed: 3400147, latencyMs: 120, seeded: 40, batch: 250, steps: [{ after: 1, do: 'reset', c: 'pair', lose: 3 }, { after: -1, do: 'older', d: 2, c: 'pair' }, { after: 250, d: 3, c: 'pair', do: 'page', act: 'front', at: 1, ms: 20000 }, { after: 1, do: 'send', d: 0, c: 'pair' }, { after: 900, do: 'send', d: 4, c: 'team' }, { after: 900, do: 'read', d: 4, c: 'pair', from: 0.274038644740358, count: 5 }, { after: 15, d: 2, c: 'pair', do: 'carry', to: 3 }], unlisted: true },
  },
  {
    name: 'what was read as a prefix before a reset, and of which room was made, stays read when a file brings it back',
    schedule: { seed: 3400147, latencyMs: 120, seeded: 40, steps: [{ after: 2500, do: 'read', d: 2, c: 'pair', from: 0.99, count: 1 }, { after: 60, do: 'reset', c: 'pair', lose: 3 }, { after: 900, do: 'send', d: 0, c: 'pair' }, { after: 20000, do: 'read', d: 3, c: 'pair', from: 0.99, count: 1 }, { after: 2500, do: 'prune', d: 3, c: 'pair', keptMs: 10000 }, { after: 900, d: 2, c: 'pair', do: 'carry', to: 3 }, { after: 900, do: 'wait', ms: 900 }] },
  },
  {
    name: 'who is signed out elsewhere, and in again there, has ended at once, though the rows are others by now',
    schedule: { seed: 3200025, latencyMs: 5, seeded: 40, tabs: { locks: true, channel: true, trouble: 0 }, wire: { scope: 'message', sparse: false, late: false, garbled: false }, steps: [{ after: -1, do: 'signOut', d: 4, t: 1, data: 'wipe' }, { after: 0, do: 'signIn', d: 4, t: 2, user: 'ann' }, { after: 2500, do: 'crash', d: 4, t: 1 }, { after: 0, do: 'signOut', d: 4, t: 2, data: 'wipe' }, { after: 0, do: 'signIn', d: 4, t: 1, user: 'ann' }, { after: 2500, do: 'signOut', d: 4, t: 2, data: 'keep' }], accounts: true },
  },
  {
    name: 'a tab that is ending because it heard of a sign-out tells nobody of another one',
    schedule: { seed: 3200025, latencyMs: 5, seeded: 40, tabs: { locks: true, channel: true, trouble: 0 }, wire: { scope: 'message', sparse: false, late: false, garbled: false }, steps: [{ after: -1, do: 'signOut', d: 4, t: 1, data: 'wipe' }, { after: 0, do: 'signIn', d: 4, t: 2, user: 'ann' }, { after: 2500, do: 'crash', d: 4, t: 1 }, { after: 0, do: 'signOut', d: 4, t: 2, data: 'wipe' }, { after: 0, do: 'signIn', d: 4, t: 1, user: 'ann' }, { after: 250, do: 'signOut', d: 4, t: 2, data: 'keep' }], accounts: true },
  },
  {
    name: 'room that is made around a number that has not come, and that nobody of mine has read, may leave the count in doubt',
    schedule: { seed: 43, latencyMs: 5, seeded: 0, steps: [{ after: 900, do: 'send', d: 2, c: 'team' }, { after: 900, do: 'send', d: 4, c: 'team' }, { after: 0, do: 'fault', on: 'event', action: 'refuse', times: 3, delayMs: 3_000 }, { after: 900, do: 'send', d: 2, c: 'team' }, { after: 0, do: 'wait', ms: 8_000 }, { after: 900, do: 'send', d: 1, c: 'team' }, { after: 0, do: 'wait', ms: 6_000 }, { after: 60, do: 'prune', d: 3, c: 'team', keptMs: 10_000 }, { after: 60, do: 'prune', d: 2, c: 'team', keptMs: 10_000 }] },
  },
  {
    name: 'what comes to a new device, and of which room is made at once, was there to be told of',
    schedule: { seed: 4001001, latencyMs: 5, seeded: 0, steps: [{ after: 0, do: 'receipts', d: 2, to: 'off', c: 'team' }, { after: 60, do: 'off', d: 3 }, { after: 250, do: 'send', d: 4, c: 'team' }, { after: 900, do: 'receipts', d: 1, to: 'off', c: 'pair' }, { after: 0, do: 'read', d: 2, c: 'team', from: 0.9941319648642093, count: 3 }, { after: -1, do: 'send', d: 2, c: 'team' }, { after: 900, d: 1, c: 'team', do: 'carry', to: 1 }, { after: 2500, do: 'on', d: 0 }, { after: 2500, do: 'send', d: 0, c: 'team' }, { after: 2500, do: 'recall', d: 3, c: 'pair' }, { after: 900, do: 'read', d: 0, c: 'pair', from: 0.16583399078808725, count: 1 }, { after: 900, d: 0, c: 'team', do: 'prune', keptMs: 60000 }, { after: 1, do: 'fresh', d: 2 }, { after: 250, d: 2, c: 'team', do: 'prune', keptMs: 10000 }, { after: 900, do: 'wait', ms: 8000 }] },
  },
  {
    name: 'room that is made behind a message which the server lost, and at which what is read ends, leaves the count exact',
    schedule: { seed: 4001383, latencyMs: 120, seeded: 40, wire: { scope: 'point', sparse: false, late: false, garbled: true }, catchUp: { how: 'none', history: true, receipts: 'fetch' }, batch: 4, steps: [{ after: 60, do: 'clear', d: 0, c: 'team' }, { after: 60, d: 0, c: 'team', do: 'page', act: 'slow', at: 0.8784730702172965, ms: 20000 }, { after: 15, do: 'send', d: 3, c: 'team' }, { after: 900, do: 'discard', d: 2, c: 'team' }, { after: 15, do: 'reset', c: 'team', lose: 2 }, { after: 0, do: 'wait', ms: 8000 }, { after: 900, do: 'send', d: 0, c: 'team' }, { after: 250, do: 'join', user: 'bob' }, { after: 900, d: 0, c: 'team', do: 'prune', keptMs: 10000 }], deletions: 'forGood' },
  },
  {
    name: 'who sends again what was deleted for good, not having heard of that, leaves no place that seems to be missing',
    schedule: { seed: 4001600, latencyMs: 120, seeded: 0, wire: { scope: 'ranges', sparse: false, late: false, garbled: true }, batch: 250, steps: [{ after: 15, do: 'fault', on: 'connect', action: 'hang', times: 1, delayMs: 50 }, { after: 900, do: 'send', d: 1, c: 'pair' }, { after: 2500, do: 'fault', on: 'send', action: 'disconnect', times: 3, delayMs: 400 }, { after: 1, do: 'reply', d: 3, c: 'pair' }, { after: 250, do: 'clear', d: 3, c: 'team' }, { after: 15, d: 2, c: 'pair', do: 'delete' }, { after: 900, do: 'reset', c: 'pair', lose: 3 }], deletions: 'forGood' },
  },
  {
    name: 'what a file brings into what was read, and is seen once more, is told with what is read next',
    schedule: { seed: 4001768, latencyMs: 5, seeded: 0, wire: { scope: 'message', sparse: false, late: false, garbled: true }, catchUp: { how: 'none', history: false, receipts: 'fetch' }, steps: [{ after: 900, do: 'send', d: 3, c: 'pair' }, { after: 0, do: 'fault', on: 'event', action: 'refuse', times: 2, delayMs: 3000 }, { after: 15, do: 'send', d: 2, c: 'pair' }, { after: 60, do: 'read', d: 0, c: 'pair', from: 0.6811656777281314, count: 1 }, { after: 900, do: 'retry', d: 2, c: 'pair' }, { after: 15, d: 3, c: 'pair', do: 'carry', to: 0 }, { after: 2500, do: 'send', d: 3, c: 'pair' }, { after: -1, do: 'read', d: 0, c: 'pair', from: 0.049779224675148726, count: 2 }] },
  },
  {
    name: 'what others read behind a reset becomes parts where a message of mine from before it comes late',
    schedule: { seed: 4100330, latencyMs: 120, seeded: 0, catchUp: { how: 'queue', history: false, receipts: 'replay' }, steps: [{ after: 60, do: 'fault', on: 'event', action: 'hang', times: 3, delayMs: 3000 }, { after: 1, do: 'send', d: 3, c: 'pair' }, { after: 250, do: 'fault', on: 'report', action: 'repeat', times: 3, delayMs: 50 }, { after: -1, do: 'reset', c: 'pair', lose: 3 }, { after: -1, do: 'send', d: 3, c: 'pair' }, { after: 250, do: 'read', d: 0, c: 'pair', from: 0.8608206843491644, count: 1 }, { after: 900, do: 'older', d: 1, c: 'pair' }] },
  },
  {
    name: 'who read what was sent again after a loss, told by its new id, is known as its reader where it stands now',
    schedule: { seed: 4100513, latencyMs: 120, seeded: 40, wire: { scope: 'message', sparse: true, late: false, garbled: false }, batch: 4, steps: [{ after: 0, do: 'reset', c: 'pair', lose: 3 }, { after: -1, do: 'read', d: 0, c: 'pair', from: 0.435580194927752, count: 12 }, { after: 250, do: 'send', d: 0, c: 'pair' }, { after: 60, do: 'read', d: 0, c: 'team', from: 0.6074975281953812, count: 1 }, { after: 1, do: 'off', d: 2 }, { after: 60, do: 'retry', d: 3, c: 'pair' }, { after: 900, do: 'read', d: 3, c: 'team', from: 0.9240968571975827, count: 15 }] },
  },
  {
    name: 'and so where nothing is replayed',
    schedule: { seed: 4100728, latencyMs: 120, seeded: 0, wire: { scope: 'message', sparse: true, late: false, garbled: false }, catchUp: { how: 'none', history: true, receipts: 'fetch' }, batch: 4, steps: [{ after: 0, do: 'send', d: 3, c: 'team' }, { after: 2500, do: 'send', d: 3, c: 'team' }, { after: -1, do: 'send', d: 1, c: 'team' }, { after: 1, do: 'fault', on: 'send', action: 'dropAnswer', times: 3, delayMs: 50 }, { after: -1, do: 'send', d: 1, c: 'team' }, { after: 2500, do: 'read', d: 3, c: 'team', from: 0.5059117758646607, count: 1 }, { after: 900, do: 'reset', c: 'team', lose: 3 }] },
  },
  {
    name: 'what was under way when the connection broke is asked for where nothing is replayed and messages overtake each other',
    schedule: { seed: 1, latencyMs: 0, seeded: 0, wire: { scope: 'ranges', sparse: true, late: true, garbled: false }, catchUp: { how: 'none', history: true, receipts: 'fetch' }, steps: BREAK },
  },
  {
    name: 'what another device of mine says by its new id of a message that was sent again leaves nothing that nobody tells',
    schedule: { seed: 4200227, latencyMs: 0, seeded: 4, wire: { scope: 'message', sparse: true, late: false, garbled: false }, steps: [{ after: 60, do: 'recall', d: 2, c: 'team' }, { after: 60, do: 'read', d: 0, c: 'pair', from: 0.23156361281871796, count: 2 }, { after: 2500, do: 'send', d: 3, c: 'team' }, { after: 900, do: 'reset', c: 'team', lose: 2 }, { after: 0, do: 'view', d: 1, c: 'team', from: 0.629727914230898, count: 1 }, { after: 2500, do: 'older', d: 3, c: 'pair' }, { after: 15, do: 'retry', d: 3, c: 'team' }, { after: 1, do: 'read', d: 0, c: 'team', from: 0.758716213516891, count: 3 }], deletions: 'forAll' },
  },
  {
    name: 'what waits beside what is read leaves with it, and does not wait anew',
    schedule: { seed: 4100203, latencyMs: 0, seeded: 4, wire: { scope: 'point', sparse: false, late: false, garbled: false }, catchUp: { how: 'none', history: false, receipts: 'fetch' }, steps: [{ after: 900, do: 'send', d: 0, c: 'pair' }, { after: 0, do: 'send', d: 1, c: 'team' }, { after: 1, do: 'send', d: 1, c: 'pair' }, { after: 15, do: 'reply', d: 3, c: 'team' }, { after: 2500, do: 'view', d: 4, c: 'team', from: 0.6450041809584945, count: 1 }, { after: 1, do: 'send', d: 3, c: 'team' }, { after: 250, do: 'send', d: 0, c: 'pair' }, { after: 250, do: 'clear', d: 4, c: 'team' }, { after: 0, do: 'send', d: 0, c: 'pair' }, { after: 15, do: 'view', d: 0, c: 'pair', from: 0.28177792206406593, count: 1 }, { after: 250, do: 'read', d: 3, c: 'pair', from: 0.7362374449148774, count: 1 }, { after: 250, do: 'read', d: 3, c: 'pair', from: 0.6862790086306632, count: 2 }, { after: -1, do: 'wait', ms: 200 }, { after: 15, do: 'read', d: 2, c: 'pair', from: 0.6537174431141466, count: 3 }, { after: 15, do: 'read', d: 4, c: 'team', from: 0.6737467206548899, count: 1 }, { after: 60, do: 'send', d: 2, c: 'pair' }] },
  },
  {
    name: 'of a message that came before its answer no room is made',
    schedule: { seed: 4300019, latencyMs: 40, seeded: 0, steps: [{ after: 60, do: 'fault', on: 'send', action: 'disconnect', times: 3, delayMs: 50 }, { after: 2500, do: 'send', d: 0, c: 'team' }, { after: 15, do: 'fault', on: 'send', action: 'hang', times: 2, delayMs: 3000 }, { after: 60, do: 'send', d: 1, c: 'pair' }, { after: 250, do: 'send', d: 3, c: 'team' }, { after: 250, do: 'send', d: 0, c: 'pair' }, { after: 1, do: 'wait', ms: 8000 }, { after: 2500, do: 'read', d: 0, c: 'pair', from: 0.8079200100619346, count: 3 }, { after: 0, do: 'send', d: 2, c: 'pair' }, { after: 250, d: 1, c: 'pair', do: 'prune', keptMs: 10000 }] },
  },
  {
    name: 'who heard of nothing from before a reset was told since who is in the group',
    schedule: { seed: 4300043, latencyMs: 120, seeded: 0, catchUp: { how: 'none', history: true, receipts: 'fetch' }, steps: [{ after: 2500, do: 'reset', c: 'team', lose: 3 }, { after: 15, do: 'fresh', d: 1 }, { after: 250, do: 'read', d: 0, c: 'team', from: 0.006820523412898183, count: 1 }, { after: 60, do: 'read', d: 4, c: 'pair', from: 0.7696259045042098, count: 14 }, { after: 60, do: 'send', d: 1, c: 'team' }, { after: 900, do: 'fault', on: 'call', action: 'hang', times: 3, delayMs: 3000 }, { after: -1, do: 'fault', on: 'event', action: 'dropAnswer', times: 1, delayMs: 400 }, { after: 1, do: 'restart', d: 1 }, { after: 900, do: 'send', d: 0, c: 'team' }, { after: 15, do: 'crash', d: 1 }] },
  },
  {
    name: 'what is told once is shown when it is stored, and not before',
    schedule: { seed: 40133, latencyMs: 40, seeded: 0, tabs: { locks: true, channel: false, trouble: 0 }, batch: 4, lostReceipts: 'whole', steps: [{ after: 900, do: 'send', d: 2, t: 0, c: 'pair' }, { after: 250, do: 'read', d: 0, t: 0, c: 'pair', from: 0.03644614643417299, count: 3 }, { after: 250, d: 0, t: 2, do: 'freeze' }, { after: 60, d: 2, t: 0, do: 'twoLeaders' }, { after: 900, do: 'send', d: 3, t: 0, c: 'pair' }] },
  },
  {
    name: 'a message that is told again may come after a reaction that was put to it since',
    schedule: { seed: 4300007, latencyMs: 0, seeded: 0, wire: { scope: 'point', sparse: true, late: true, garbled: false }, steps: [{ after: 250, do: 'send', d: 1, c: 'pair' }, { after: 1, do: 'send', d: 2, c: 'pair' }, { after: 1, do: 'react', d: 1, c: 'pair' }, { after: 2500, do: 'read', d: 1, c: 'pair', from: 0.2441836171783507, count: 3 }, { after: 15, do: 'send', d: 0, c: 'pair' }, { after: 2500, do: 'hide', d: 4, c: 'team' }, { after: -1, do: 'crash', d: 3 }, { after: 250, do: 'off', d: 1 }, { after: 2500, do: 'send', d: 3, c: 'pair' }, { after: 15, do: 'read', d: 3, c: 'pair', from: 0.828449317952618, count: 3 }, { after: 250, do: 'fault', on: 'event', action: 'repeat', times: 3, delayMs: 50 }, { after: 1, do: 'drop', d: 4 }, { after: 250, do: 'send', d: 3, c: 'team' }, { after: 900, do: 'send', d: 2, c: 'team' }, { after: 2500, do: 'send', d: 4, c: 'team' }, { after: 250, d: 4, c: 'team', do: 'carry', to: 1 }, { after: 900, do: 'react', d: 4, c: 'team' }, { after: 250, do: 'react', d: 1, c: 'team' }] },
  },
  {
    name: 'where reading is told once, a device that was away knows nothing of it',
    schedule: { seed: 4300594, latencyMs: 0, seeded: 0, catchUp: { how: 'queue', history: false, receipts: 'fetch' }, batch: 4, steps: [{ after: 2500, do: 'off', d: 0 }, { after: 250, do: 'send', d: 4, c: 'team' }, { after: 0, d: 1, c: 'team', do: 'carry', to: 0 }, { after: 15, d: 1, c: 'team', do: 'page', act: 'front', at: 1, ms: 60 }, { after: 2500, do: 'send', d: 0, c: 'team' }], lostReceipts: 'whole' },
  },
  {
    name: 'what others had of what comes late from before a reset is in doubt, also where nothing of after it is left',
    schedule: { seed: 4300775, latencyMs: 5, seeded: 4, wire: { scope: 'point', sparse: true, late: true, garbled: false, timing: 'own' }, steps: [{ after: 250, do: 'fault', on: 'call', action: 'delay', times: 1, delayMs: 400 }, { after: 60, do: 'clear', d: 1, c: 'team' }, { after: 250, do: 'restart', d: 3 }, { after: 15, do: 'read', d: 0, c: 'pair', from: 0.6054353148210794, count: 2 }, { after: 2500, do: 'fault', on: 'event', action: 'refuse', times: 1, delayMs: 50 }, { after: 60, do: 'read', d: 2, c: 'team', from: 0.6890377451200038, count: 26 }, { after: 2500, do: 'wait', ms: 200 }, { after: 1, do: 'crash', d: 2 }, { after: 15, do: 'older', d: 4, c: 'pair' }, { after: 900, do: 'fault', on: 'call', action: 'dropAnswer', times: 3, delayMs: 400 }, { after: 250, d: 1, c: 'team', do: 'prune', keptMs: 10000 }, { after: 2500, do: 'send', d: 1, c: 'team' }, { after: 0, do: 'reset', c: 'team', lose: 1 }, { after: 2500, do: 'reset', c: 'team', lose: 2 }, { after: 2500, do: 'jump', d: 0, c: 'team', to: 'firstUnread' }, { after: 900, do: 'view', d: 2, c: 'team', from: 0.8163480288349092, count: 1 }, { after: 2500, do: 'recall', d: 1, c: 'team' }, { after: 900, do: 'jump', d: 4, c: 'pair', to: 'firstUnread' }, { after: 900, d: 3, c: 'team', do: 'carry', to: 1 }] },
  },
  {
    name: 'what comes back by a file is as its writer knew it',
    schedule: { seed: 4301781, latencyMs: 40, seeded: 40, wire: { scope: 'message', sparse: true, late: true, garbled: false }, steps: [{ after: -1, do: 'off', d: 1 }, { after: 2500, do: 'edit', d: 0, c: 'pair' }, { after: 250, do: 'wait', ms: 8000 }, { after: 60, do: 'send', d: 3, c: 'pair' }, { after: 2500, do: 'read', d: 3, c: 'pair', from: 0.5188951266463846, count: 21 }, { after: 250, d: 4, c: 'team', do: 'carry', to: 1 }, { after: 250, d: 3, c: 'pair', do: 'prune', keptMs: 10000 }, { after: 15, d: 1, c: 'pair', do: 'carry', to: 3 }] },
  },
  {
    name: 'room that is made within what is read as a prefix leaves the count exact, also over a reset',
    schedule: { seed: 4301724, latencyMs: 5, seeded: 0, steps: [{ after: 0, do: 'send', d: 3, c: 'pair' }, { after: 900, do: 'reset', c: 'pair', lose: 3 }, { after: 2500, do: 'send', d: 3, c: 'pair' }, { after: 60, do: 'recall', d: 0, c: 'pair' }, { after: 1, do: 'send', d: 1, c: 'pair' }, { after: 0, do: 'clear', d: 1, c: 'pair' }, { after: -1, do: 'reply', d: 2, c: 'pair' }, { after: 2500, do: 'send', d: 1, c: 'team' }, { after: 900, do: 'retry', d: 4, c: 'team' }, { after: 2500, do: 'read', d: 3, c: 'pair', from: 0.9841953353025019, count: 1 }, { after: 2500, do: 'retry', d: 2, c: 'team' }, { after: 900, do: 'jump', d: 0, c: 'team', to: 'newest' }, { after: 900, d: 1, c: 'pair', do: 'prune', keptMs: 10000 }], reading: { direct: 'perMessage', group: 'upTo', entering: 'dwell' } },
  },
  {
    name: 'a conversation that was cleared may have missed something again with the next absence',
    schedule: { seed: 4400005, latencyMs: 0, seeded: 4, catchUp: { how: 'none', history: false, receipts: 'fetch' }, steps: [{ after: 250, do: 'fault', on: 'connect', action: 'hang', times: 1, delayMs: 3000 }, { after: 900, do: 'restart', d: 3 }, { after: 250, do: 'send', d: 2, c: 'pair' }, { after: 15, d: 2, c: 'pair', do: 'carry', to: 3 }, { after: 60, do: 'send', d: 1, c: 'pair' }, { after: 2500, do: 'clear', d: 3, c: 'pair' }], wire: { scope: 'point', sparse: true, late: false, garbled: false, timing: 'shared' }, reading: { direct: 'upTo', group: 'upTo', entering: 'dwell' } },
  },
  {
    name: 'a page of history that comes when room was made of what it was asked beside says that that is missing',
    schedule: { seed: 4400146, latencyMs: 0, seeded: 0, wire: { scope: 'message', sparse: true, late: false, garbled: false }, batch: 250, steps: [{ after: 2500, do: 'send', d: 3, c: 'pair' }, { after: 2500, do: 'send', d: 1, c: 'pair' }, { after: 2500, d: 2, c: 'pair', do: 'page', act: 'cover', at: 1, ms: 1500 }, { after: -1, do: 'fault', on: 'call', action: 'delay', times: 2, delayMs: 3000 }, { after: 15, do: 'send', d: 0, c: 'pair' }, { after: 900, do: 'read', d: 0, c: 'pair', from: 0.8337180044036359, count: 1 }, { after: 900, do: 'send', d: 3, c: 'team' }, { after: 900, do: 'send', d: 1, c: 'pair' }, { after: 2500, do: 'send', d: 1, c: 'team' }, { after: 250, do: 'recall', d: 0, c: 'team' }, { after: 900, d: 2, c: 'pair', do: 'page', act: 'scroll', at: 0, ms: 1500 }, { after: 250, do: 'read', d: 4, c: 'team', from: 0.9902214154135436, count: 2 }, { after: 900, do: 'read', d: 3, c: 'team', from: 0.9281795704737306, count: 3 }, { after: 15, d: 2, c: 'pair', do: 'prune', keptMs: 10000 }, { after: 60, do: 'wait', ms: 8000 }, { after: 15, do: 'older', d: 2, c: 'pair' }, { after: 250, do: 'read', d: 2, c: 'pair', from: 0.3957554812077433, count: 2 }, { after: 250, d: 2, c: 'pair', do: 'prune', keptMs: 10000 }, { after: 2500, do: 'clear', d: 3, c: 'pair' }], unlisted: true },
  },
  {
    name: 'what the wire told of behind the answer to a message of mine, and did not bring, may be unread',
    schedule: { seed: 4400324, latencyMs: 0, seeded: 40, wire: { scope: 'ranges', sparse: true, late: false, garbled: false }, catchUp: { how: 'none', history: false, receipts: 'fetch' }, steps: [{ after: 900, do: 'send', d: 0, c: 'pair' }, { after: 15, do: 'off', d: 2 }, { after: 15, do: 'off', d: 0 }, { after: 0, do: 'send', d: 2, c: 'pair' }, { after: 0, do: 'clear', d: 1, c: 'pair' }, { after: 1, do: 'send', d: 3, c: 'pair' }] },
  },
  {
    name: 'no stretch is claimed over a time in which its reader was no member',
    schedule: { seed: 4400342, latencyMs: 120, seeded: 40, wire: { scope: 'ranges', sparse: true, late: false, garbled: false }, catchUp: { how: 'queue', history: false, receipts: 'replay' }, steps: [{ after: 2500, do: 'fault', on: 'event', action: 'dropAnswer', times: 3, delayMs: 3000 }, { after: 1, do: 'send', d: 0, c: 'team' }, { after: 250, do: 'edit', d: 4, c: 'pair' }, { after: 1, do: 'leave', user: 'bob' }, { after: 2500, do: 'send', d: 4, c: 'team' }, { after: 2500, do: 'clear', d: 2, c: 'team' }, { after: -1, do: 'fault', on: 'send', action: 'drop', times: 3, delayMs: 400 }, { after: 1, do: 'send', d: 4, c: 'team' }, { after: 250, do: 'fault', on: 'event', action: 'dropAnswer', times: 2, delayMs: 400 }, { after: 250, do: 'join', user: 'bob' }, { after: 2500, do: 'send', d: 2, c: 'pair' }, { after: 900, do: 'older', d: 0, c: 'pair' }, { after: 60, do: 'wait', ms: 8000 }, { after: -1, do: 'read', d: 2, c: 'team', from: 0.21735520916990936, count: 2 }] },
  },
  {
    name: 'no room is made while a number before it may still come',
    schedule: { seed: 4400446, latencyMs: 5, seeded: 0, steps: [{ after: 250, do: 'reset', c: 'team', lose: 3 }, { after: 60, do: 'send', d: 1, c: 'team' }, { after: 250, do: 'read', d: 3, c: 'team', from: 0.2584821321070194, count: 3 }, { after: 15, do: 'send', d: 2, c: 'team' }, { after: 250, do: 'fresh', d: 2 }, { after: 2500, do: 'reply', d: 4, c: 'team' }, { after: 2500, do: 'crash', d: 4 }, { after: 2500, do: 'view', d: 4, c: 'pair', from: 0.7928755483590066, count: 1 }, { after: 2500, do: 'send', d: 4, c: 'pair' }, { after: 0, d: 3, c: 'team', do: 'prune', keptMs: 10000 }] },
  },
  {
    name: 'a message that was lost and is being sent again has no readers yet, whoever had read it before',
    schedule: { seed: 4400896, latencyMs: 120, seeded: 4, wire: { scope: 'message', sparse: true, late: false, garbled: false, timing: 'own' }, batch: 250, steps: [{ after: 15, do: 'fault', on: 'call', action: 'dropAnswer', times: 1, delayMs: 3000 }, { after: 0, do: 'read', d: 4, c: 'team', from: 0.7504475170280784, count: 1 }, { after: 900, d: 1, c: 'team', do: 'page', act: 'open', at: 0.1601922446861863, ms: 20000 }, { after: 60, do: 'reset', c: 'team', lose: 1 }, { after: 2500, do: 'read', d: 3, c: 'pair', from: 0.6982812352944165, count: 2 }, { after: 250, do: 'edit', d: 4, c: 'pair' }, { after: 900, do: 'view', d: 2, c: 'team', from: 0.7520989736076444, count: 1 }, { after: 2500, do: 'receipts', d: 0, to: 'private', c: 'team' }, { after: 900, do: 'leave', user: 'bob' }, { after: 250, do: 'fault', on: 'call', action: 'disconnect', times: 2, delayMs: 50 }, { after: 250, do: 'read', d: 1, c: 'pair', from: 0.7711013236548752, count: 30 }, { after: 1, do: 'edit', d: 3, c: 'pair' }, { after: 250, do: 'send', d: 3, c: 'team' }, { after: 900, d: 2, c: 'team', do: 'page', act: 'slow', at: 1, ms: 1500 }, { after: 900, do: 'receipts', d: 4, to: 'off' }, { after: 900, do: 'retry', d: 0, c: 'team' }] },
  },
  {
    name: 'what a file brings of what a server lost is cut out of what was cleared',
    schedule: { seed: 4400455, latencyMs: 120, seeded: 40, wire: { scope: 'message', sparse: true, late: true, garbled: false }, steps: [{ after: 900, do: 'recall', d: 1, c: 'pair' }, { after: 0, do: 'send', d: 2, c: 'pair' }, { after: 900, d: 2, c: 'pair', do: 'carry', to: 0 }, { after: 0, do: 'reset', c: 'pair', lose: 3 }, { after: 0, do: 'send', d: 2, c: 'pair' }, { after: 900, do: 'older', d: 3, c: 'pair' }, { after: 1, do: 'fresh', d: 2 }, { after: 900, do: 'send', d: 3, c: 'pair' }, { after: 60, do: 'clear', d: 2, c: 'pair' }, { after: 0, d: 1, c: 'pair', do: 'carry', to: 2 }] },
  },
  {
    name: 'a message of mine that is told again takes out nobody who has read it',
    schedule: { seed: 4401176, latencyMs: 0, seeded: 0, wire: { scope: 'ranges', sparse: true, late: true, garbled: true }, steps: [{ after: 2500, do: 'send', d: 3, c: 'pair' }, { after: 15, do: 'send', d: 0, c: 'pair' }, { after: 0, do: 'send', d: 3, c: 'pair' }, { after: 1, do: 'view', d: 0, c: 'pair', from: 0.5767393906135112, count: 1 }, { after: 1, do: 'reset', c: 'pair', lose: 2 }, { after: 1, do: 'send', d: 0, c: 'pair' }, { after: 60, do: 'send', d: 2, c: 'team' }, { after: 2500, do: 'read', d: 3, c: 'pair', from: 0.842414723476395, count: 28 }, { after: 0, do: 'send', d: 0, c: 'team' }, { after: 60, do: 'send', d: 0, c: 'pair' }, { after: 2500, do: 'send', d: 3, c: 'pair' }, { after: 900, do: 'send', d: 3, c: 'pair' }, { after: 60, do: 'reset', c: 'team', lose: 1 }, { after: 60, do: 'send', d: 3, c: 'pair' }, { after: 1, do: 'send', d: 0, c: 'team' }, { after: 900, do: 'reply', d: 0, c: 'pair' }, { after: 60, do: 'send', d: 3, c: 'pair' }, { after: 2500, do: 'react', d: 4, c: 'team' }, { after: 2500, do: 'fresh', d: 2 }, { after: 15, do: 'fault', on: 'call', action: 'dropAnswer', times: 3, delayMs: 50 }, { after: 250, do: 'send', d: 0, c: 'team' }], reading: { direct: 'upTo', group: 'upTo', entering: 'dwell' } },
  },
  {
    name: 'the first number of an epoch that was overtaken is not read because room is made',
    schedule: { seed: 4401712, latencyMs: 40, seeded: 0, batch: 4, steps: [{ after: 15, do: 'send', d: 4, c: 'team' }, { after: 900, do: 'fault', on: 'event', action: 'disconnect', times: 3, delayMs: 400 }, { after: 0, do: 'reset', c: 'team', lose: 1 }, { after: 15, do: 'read', d: 2, c: 'team', from: 0.7160212032031268, count: 3 }, { after: 2500, d: 2, c: 'pair', do: 'page', act: 'open', at: 0.5125114640686661, ms: 1500 }, { after: 1, do: 'send', d: 4, c: 'team' }, { after: 0, do: 'fault', on: 'event', action: 'drop', times: 3, delayMs: 50 }, { after: 2500, do: 'send', d: 3, c: 'team' }, { after: 2500, do: 'send', d: 0, c: 'team' }, { after: 2500, d: 4, c: 'team', do: 'page', act: 'open', at: 0.584051760379225, ms: 20000 }, { after: 15, d: 1, c: 'pair', do: 'page', act: 'open', at: 0, ms: 60 }, { after: 15, do: 'read', d: 2, c: 'team', from: 0.7362298390362412, count: 3 }, { after: 2500, do: 'send', d: 0, c: 'team' }, { after: 2500, do: 'fault', on: 'event', action: 'dropAnswer', times: 1, delayMs: 50 }, { after: 15, d: 3, c: 'team', do: 'prune', keptMs: 10000 }] },
  },
  {
    name: 'what a file brought is not told of once room was made of it',
    schedule: { seed: 4401784, latencyMs: 40, seeded: 40, wire: { scope: 'message', sparse: false, late: false, garbled: true }, steps: [{ after: 250, do: 'older', d: 1, c: 'pair' }, { after: 900, do: 'read', d: 0, c: 'pair', from: 0.19043104047887027, count: 1 }, { after: 2500, do: 'read', d: 3, c: 'pair', from: 0.4453070634044707, count: 1 }, { after: 0, d: 1, c: 'pair', do: 'carry', to: 3 }, { after: 2500, do: 'clear', d: 1, c: 'pair' }, { after: 15, d: 3, c: 'pair', do: 'carry', to: 0 }, { after: 2500, do: 'view', d: 3, c: 'pair', from: 0.8831274849362671, count: 1 }, { after: 0, d: 0, c: 'pair', do: 'prune', keptMs: 10000 }] },
  },
  {
    name: 'what a file brings into what was cleared is told with what is read next',
    schedule: { seed: 4402127, latencyMs: 40, seeded: 4, catchUp: { how: 'none', history: false, receipts: 'fetch' }, steps: [{ after: 15, do: 'off', d: 2 }, { after: 2500, do: 'send', d: 1, c: 'team' }, { after: 15, do: 'on', d: 2 }, { after: 2500, do: 'drop', d: 4 }, { after: 1, do: 'clear', d: 2, c: 'team' }, { after: 15, d: 4, c: 'team', do: 'carry', to: 2 }], wire: { scope: 'message', sparse: true, late: true, garbled: false, timing: 'own' } },
  },
  {
    name: 'what is read of what came when nobody was to be told is not owed where it is sent again',
    schedule: { seed: 4402442, latencyMs: 120, seeded: 0, wire: { scope: 'message', sparse: true, late: false, garbled: false }, steps: [{ after: 2500, do: 'send', d: 2, c: 'pair' }, { after: 250, do: 'send', d: 1, c: 'pair' }, { after: 60, do: 'receipts', d: 0, to: 'private' }, { after: 60, do: 'send', d: 2, c: 'pair' }, { after: 250, do: 'read', d: 4, c: 'pair', from: 0.6199275753460824, count: 19 }, { after: -1, do: 'reset', c: 'pair', lose: 2 }, { after: 60, do: 'receipts', d: 0, to: 'public' }, { after: 2500, do: 'read', d: 0, c: 'pair', from: 0.7991981732193381, count: 8 }, { after: 250, do: 'retry', d: 2, c: 'pair' }] },
  },
  {
    name: 'what is being recalled while the server loses it is lost once that was refused',
    schedule: { seed: 4404357, latencyMs: 120, seeded: 40, batch: 4, steps: [{ after: 15, do: 'fault', on: 'call', action: 'hang', times: 3, delayMs: 50 }, { after: 0, do: 'leave', user: 'bob' }, { after: 15, do: 'fault', on: 'event', action: 'refuse', times: 3, delayMs: 400 }, { after: -1, do: 'recall', d: 0, c: 'pair' }, { after: 15, do: 'read', d: 4, c: 'team', from: 0.38251194125041366, count: 16 }, { after: 250, do: 'reset', c: 'pair', lose: 3 }, { after: 60, do: 'send', d: 3, c: 'pair' }, { after: 250, do: 'fault', on: 'event', action: 'repeat', times: 2, delayMs: 3000 }, { after: 250, do: 'jump', d: 0, c: 'team', to: 'firstUnread' }] },
  },
  {
    name: 'who starts anew shows nothing of what a file has them doubt',
    schedule: { seed: 4401176, latencyMs: 0, seeded: 0, wire: { scope: 'ranges', sparse: true, late: true, garbled: true }, steps: [{ after: 900, do: 'send', d: 2, c: 'team' }, { after: 0, do: 'send', d: 3, c: 'pair' }, { after: 15, do: 'reset', c: 'team', lose: 3 }, { after: 60, do: 'send', d: 3, c: 'team' }, { after: 60, do: 'reply', d: 1, c: 'pair' }, { after: 15, do: 'wait', ms: 1500 }, { after: 1, do: 'send', d: 0, c: 'pair' }, { after: 60, do: 'send', d: 2, c: 'team' }, { after: 2500, do: 'read', d: 3, c: 'pair', from: 0.842414723476395, count: 28 }, { after: 0, do: 'send', d: 0, c: 'team' }, { after: 60, do: 'send', d: 0, c: 'pair' }, { after: 15, do: 'view', d: 1, c: 'team', from: 0.42438453901559114, count: 1 }, { after: 1, do: 'send', d: 2, c: 'pair' }, { after: 900, do: 'send', d: 3, c: 'pair' }, { after: 60, do: 'reset', c: 'team', lose: 1 }, { after: 60, do: 'send', d: 3, c: 'pair' }, { after: 1, do: 'send', d: 0, c: 'team' }, { after: 900, do: 'reply', d: 0, c: 'pair' }, { after: 60, do: 'send', d: 3, c: 'pair' }, { after: 2500, do: 'react', d: 4, c: 'team' }, { after: 2500, do: 'fresh', d: 2 }, { after: 15, do: 'fault', on: 'call', action: 'dropAnswer', times: 3, delayMs: 50 }, { after: 250, do: 'send', d: 0, c: 'team' }, { after: 15, d: 4, c: 'team', do: 'carry', to: 2 }, { after: 250, do: 'read', d: 4, c: 'pair', from: 0.7253575581125915, count: 1 }, { after: -1, do: 'crash', d: 2 }], reading: { direct: 'upTo', group: 'upTo', entering: 'dwell' } },
  },
  {
    name: 'what was deleted for its user and made room of may be made room of on their other devices, where it counts as read',
    schedule: { seed: 4406304, latencyMs: 40, seeded: 0, wire: { scope: 'ranges', sparse: true, late: false, garbled: false }, steps: [{ after: 15, do: 'send', d: 0, c: 'team' }, { after: 15, do: 'off', d: 4 }, { after: 0, do: 'send', d: 4, c: 'team' }, { after: 2500, do: 'reply', d: 0, c: 'team' }, { after: 2500, do: 'read', d: 2, c: 'pair', from: 0.326433711219579, count: 29 }, { after: -1, do: 'hide', d: 3, c: 'team' }, { after: 2500, do: 'read', d: 1, c: 'pair', from: 0.2661461951211095, count: 3 }, { after: 15, do: 'on', d: 4 }, { after: 900, do: 'read', d: 2, c: 'pair', from: 0.6218944010324776, count: 1 }, { after: 250, do: 'view', d: 3, c: 'pair', from: 0.5651477386709303, count: 1 }, { after: 250, do: 'read', d: 4, c: 'pair', from: 0.7586242135148495, count: 2 }, { after: 900, d: 2, c: 'pair', do: 'prune', keptMs: 10000 }, { after: 250, do: 'wait', ms: 200 }, { after: 900, do: 'fault', on: 'connect', action: 'disconnect', times: 3, delayMs: 50 }, { after: 250, do: 'read', d: 0, c: 'pair', from: 0.6319841609802097, count: 1 }, { after: -1, do: 'read', d: 3, c: 'team', from: 0.01273059705272317, count: 2 }, { after: 900, do: 'read', d: 1, c: 'pair', from: 0.03403150010854006, count: 3 }, { after: 250, do: 'fault', on: 'call', action: 'repeat', times: 2, delayMs: 400 }, { after: 0, d: 3, c: 'team', do: 'prune', keptMs: 10000 }, { after: 15, do: 'send', d: 0, c: 'team' }, { after: 900, do: 'read', d: 3, c: 'team', from: 0.48820698889903724, count: 3 }, { after: 250, do: 'wait', ms: 8000 }, { after: 900, d: 2, c: 'team', do: 'prune', keptMs: 10000 }] },
  },
  {
    name: 'what of mine stands between others that a file brings from before a reset is taken out of a position with them',
    schedule: { seed: 4406584, latencyMs: 40, seeded: 40, steps: [{ after: 15, do: 'send', d: 2, c: 'team' }, { after: 60, do: 'send', d: 0, c: 'team' }, { after: 250, do: 'read', d: 3, c: 'pair', from: 0.7864466218743473, count: 3 }, { after: 0, do: 'reset', c: 'team', lose: 3 }, { after: 1, do: 'send', d: 0, c: 'team' }, { after: 900, do: 'send', d: 1, c: 'team' }, { after: 2500, do: 'fresh', d: 2 }, { after: 250, d: 0, c: 'pair', do: 'carry', to: 2 }, { after: -1, do: 'read', d: 2, c: 'team', from: 0.8165144687518477, count: 1 }, { after: 900, d: 1, c: 'team', do: 'carry', to: 2 }, { after: 250, d: 3, c: 'team', do: 'carry', to: 2 }], unlisted: true, reading: { direct: 'perMessage', group: 'upTo', entering: 'dwell' } },
  },
  {
    name: 'a position behind what a server lost says nothing of where that stood',
    schedule: { seed: 4406324, latencyMs: 120, seeded: 0, wire: { scope: 'ranges', sparse: false, late: false, garbled: true }, batch: 250, steps: [{ after: 250, do: 'send', d: 0, c: 'team' }, { after: 2500, do: 'send', d: 2, c: 'team' }, { after: 0, do: 'send', d: 0, c: 'team' }, { after: 250, do: 'reset', c: 'pair', lose: 0 }, { after: 60, do: 'reply', d: 0, c: 'team' }, { after: 1, do: 'reset', c: 'team', lose: 2 }, { after: 2500, do: 'read', d: 1, c: 'team', from: 0.3992842510342598, count: 3 }, { after: 250, do: 'retry', d: 0, c: 'team' }, { after: 2500, do: 'view', d: 3, c: 'team', from: 0.7981420517899096, count: 1 }], lostReceipts: 'whole', reading: { direct: 'perMessage', group: 'upTo', entering: 'dwell' } },
  },
  {
    name: 'what of mine stands between what a file brings from before a reset may be where a stretch ends',
    schedule: { seed: 4420032, latencyMs: 40, seeded: 4, wire: { scope: 'message', sparse: true, late: false, garbled: true }, steps: [{ after: 2500, do: 'send', d: 0, c: 'pair' }, { after: 900, do: 'reset', c: 'pair', lose: 3 }, { after: 60, do: 'reset', c: 'pair', lose: 3 }, { after: 15, do: 'send', d: 0, c: 'pair' }, { after: 2500, do: 'read', d: 3, c: 'pair', from: 0.5112299837637693, count: 2 }, { after: 250, d: 2, c: 'pair', do: 'carry', to: 3 }] },
  },
  {
    name: 'a list whose last row is deleted for good takes in nothing from before missing history',
    schedule: { seed: 4421281, latencyMs: 40, seeded: 4, wire: { scope: 'point', sparse: true, late: false, garbled: false }, catchUp: { how: 'queue', history: true, receipts: 'replay' }, batch: 250, steps: [{ after: 60, do: 'send', d: 0, c: 'team' }, { after: 900, do: 'read', d: 1, c: 'team', from: 0.3403242523781955, count: 23 }, { after: 0, d: 0, c: 'team', do: 'carry', to: 0 }, { after: 900, d: 1, c: 'team', do: 'delete' }, { after: 15, do: 'recall', d: 4, c: 'team' }, { after: 0, do: 'send', d: 3, c: 'team' }, { after: 250, do: 'read', d: 0, c: 'team', from: 0.1741943028755486, count: 2 }], deletions: 'forGood' },
  },
  {
    name: 'where a wire tells of a recall once, who did not hear it has not read behind it',
    schedule: { seed: 4421245, latencyMs: 40, seeded: 0, wire: { scope: 'point', sparse: false, late: false, garbled: false }, catchUp: { how: 'none', history: true, receipts: 'fetch' }, batch: 4, steps: [{ after: 2500, do: 'fault', on: 'event', action: 'delay', times: 3, delayMs: 3000 }, { after: 2500, do: 'send', d: 1, c: 'pair' }, { after: 2500, do: 'fault', on: 'event', action: 'drop', times: 2, delayMs: 50 }, { after: 0, do: 'read', d: 2, c: 'pair', from: 0.13458391116000712, count: 3 }, { after: 2500, do: 'send', d: 1, c: 'pair' }, { after: 0, do: 'send', d: 1, c: 'pair' }, { after: 2500, do: 'send', d: 1, c: 'pair' }, { after: 60, do: 'wait', ms: 200 }, { after: 15, do: 'fault', on: 'event', action: 'disconnect', times: 3, delayMs: 400 }, { after: -1, do: 'send', d: 2, c: 'team' }, { after: 0, do: 'send', d: 1, c: 'pair' }, { after: 60, do: 'send', d: 1, c: 'team' }, { after: 250, do: 'send', d: 3, c: 'team' }, { after: 2500, do: 'send', d: 1, c: 'team' }, { after: 250, d: 4, c: 'team', do: 'page', act: 'open', at: 0, ms: 20000 }, { after: 900, do: 'fault', on: 'event', action: 'disconnect', times: 2, delayMs: 400 }, { after: 0, do: 'recall', d: 0, c: 'team' }, { after: 2500, d: 4, c: 'pair', do: 'page', act: 'open', at: 1, ms: 60 }, { after: -1, do: 'fault', on: 'event', action: 'refuse', times: 1, delayMs: 400 }, { after: 250, do: 'recall', d: 1, c: 'team' }, { after: 900, d: 2, c: 'pair', do: 'page', act: 'load', at: 0.926675126189366, ms: 60 }] },
  },
  {
    name: 'what a file says was deleted for good is not the last message because the wire told of it',
    schedule: { seed: 4430070, latencyMs: 40, seeded: 0, catchUp: { how: 'queue', history: false, receipts: 'fetch' }, steps: [{ after: 0, do: 'send', d: 4, c: 'team' }, { after: 900, d: 4, c: 'team', do: 'delete' }, { after: 15, do: 'fresh', d: 2 }, { after: 250, do: 'read', d: 4, c: 'pair', from: 0.8887201859615743, count: 2 }, { after: 0, d: 1, c: 'team', do: 'carry', to: 2 }], unlisted: true, deletions: 'forGood' },
  },
  {
    name: 'a file of a device that could not show a message, where room was made',
    schedule: { seed: 100113, latencyMs: 120, seeded: 4, steps: [{ after: 0, do: 'read', d: 3, c: 'team', from: 0.7783554983325303, count: 3 }, { after: 1, do: 'send', d: 1, c: 'team' }, { after: 15, do: 'read', d: 1, c: 'team', from: 0.228267413796857, count: 2 }, { after: 2500, do: 'send', d: 1, c: 'team' }, { after: 0, do: 'send', d: 3, c: 'team' }, { after: 900, do: 'send', d: 0, c: 'team' }, { after: 0, do: 'edit', d: 1, c: 'team' }, { after: 250, do: 'read', d: 1, c: 'team', from: 0.5413767951540649, count: 3 }, { after: 1, do: 'send', d: 0, c: 'team' }, { after: 1, do: 'send', d: 2, c: 'team' }, { after: 250, do: 'read', d: 0, c: 'team', from: 0.877655687276274, count: 1 }, { after: 0, do: 'wait', ms: 1500 }, { after: 1, do: 'send', d: 4, c: 'team' }, { after: 2500, do: 'read', d: 2, c: 'pair', from: 0.4174927528947592, count: 11 }, { after: 900, do: 'read', d: 2, c: 'team', from: 0.2985506693366915, count: 1 }, { after: 2500, do: 'read', d: 2, c: 'team', from: 0.7973846790846437, count: 16 }, { after: 2500, do: 'recall', d: 1, c: 'team' }, { after: 250, do: 'jump', d: 2, c: 'team', to: 0.543011627625674 }, { after: 15, d: 1, c: 'team', do: 'prune', keptMs: 10000 }, { after: -1, do: 'send', d: 0, c: 'team' }, { after: 250, d: 0, c: 'pair', do: 'enter' }, { after: 0, d: 4, c: 'team', do: 'carry', to: 1 }], wire: { scope: 'message', sparse: true, late: false, garbled: true, timing: 'shared' }, lostReceipts: 'whole', reading: { direct: 'upTo', group: 'upTo', entering: 'all' } },
  },
  {
    name: 'room made around a second place that was read',
    schedule: { seed: 101097, latencyMs: 120, seeded: 40, wire: { scope: 'ranges', sparse: true, late: false, garbled: false }, catchUp: { how: 'queue', history: true, receipts: 'fetch' }, steps: [{ after: 15, do: 'read', d: 2, c: 'pair', from: 0.9875543368980289, count: 3 }, { after: 60, do: 'reset', c: 'pair', lose: 3 }, { after: 2500, do: 'receipts', d: 1, to: 'off', c: 'team' }, { after: 60, do: 'retry', d: 2, c: 'pair' }, { after: 250, do: 'retry', d: 0, c: 'pair' }, { after: 2500, do: 'send', d: 2, c: 'pair' }, { after: 2500, do: 'wait', ms: 8000 }, { after: 15, do: 'send', d: 1, c: 'pair' }, { after: 900, d: 3, c: 'pair', do: 'prune', keptMs: 10000 }] },
  },
  {
    name: 'a client that dies before its first cursor, after something was deleted for good',
    schedule: { seed: 108588, latencyMs: 5, seeded: 0, wire: { scope: 'point', sparse: true, late: true, garbled: false, timing: 'shared' }, batch: 250, steps: [{ after: 900, do: 'send', d: 1, c: 'pair' }, { after: 250, do: 'send', d: 4, c: 'team' }, { after: 15, do: 'fault', on: 'send', action: 'drop', times: 2, delayMs: 50 }, { after: 1, do: 'send', d: 2, c: 'team' }, { after: 900, do: 'on', d: 3 }, { after: 250, do: 'send', d: 0, c: 'pair' }, { after: 0, do: 'send', d: 4, c: 'team' }, { after: 2500, d: 1, c: 'pair', do: 'page', act: 'open', at: 1, ms: 60 }, { after: 60, do: 'read', d: 2, c: 'pair', from: 0.9653038727119565, count: 3 }, { after: 250, d: 1, c: 'team', do: 'delete' }, { after: -1, do: 'send', d: 1, c: 'team' }, { after: 0, do: 'fresh', d: 0 }, { after: 60, do: 'read', d: 4, c: 'team', from: 0.8492610128596425, count: 2 }, { after: 0, d: 0, c: 'team', do: 'delete' }, { after: 15, do: 'restart', d: 0 }], deletions: 'forGood' },
  },
  {
    name: 'what room was made of comes back without the field that only this disk had',
    schedule: { seed: 100285, latencyMs: 120, seeded: 40, tabs: { locks: true, channel: true, trouble: 0 }, steps: [{ after: 900, do: 'clear', d: 3, t: 1, c: 'team' }, { after: -1, d: 3, t: 0, do: 'foreign', c: 'team' }, { after: 0, do: 'send', d: 2, t: 1, c: 'team' }, { after: 900, do: 'jump', d: 1, t: 2, c: 'team', to: 0.3743981095030904 }, { after: 2500, do: 'fault', on: 'event', action: 'dropAnswer', times: 1, delayMs: 50 }, { after: 2500, do: 'fault', on: 'report', action: 'repeat', times: 1, delayMs: 400 }, { after: 1, do: 'send', d: 0, t: 1, c: 'team' }, { after: 900, do: 'reply', d: 3, t: 1, c: 'pair' }, { after: 900, d: 0, t: 2, do: 'look' }, { after: 2500, d: 3, t: 0, do: 'foreign', c: 'pair' }, { after: 0, d: 3, t: 0, c: 'team', do: 'prune', keptMs: 10000 }, { after: 2500, do: 'older', d: 3, t: 1, c: 'team' }, { after: 2500, d: 2, t: 1, do: 'steal' }], archiveAfterMs: 10000 },
  },
  {
    name: 'who read one that cannot be shown stays known when the stretch around it is old',
    schedule: { seed: 100417, latencyMs: 0, seeded: 4, tabs: { locks: true, channel: true, trouble: 0 }, wire: { scope: 'ranges', sparse: true, late: false, garbled: true }, steps: [{ after: 60, do: 'read', d: 4, t: 2, c: 'team', from: 0.8691409132443368, count: 26 }, { after: -1, do: 'read', d: 3, t: 1, c: 'pair', from: 0.5577482569497079, count: 3 }, { after: 900, do: 'crash', d: 0, t: 0 }, { after: 1, do: 'send', d: 4, t: 2, c: 'team' }, { after: 0, do: 'send', d: 3, t: 2, c: 'team' }, { after: 15, do: 'fresh', d: 4, t: 1 }, { after: 60, do: 'send', d: 2, t: 0, c: 'team' }], archiveAfterMs: 10000 },
  },
  {
    name: 'who read what is asked for once a conversation is known again',
    schedule: { seed: 100751, latencyMs: 40, seeded: 40, tabs: { locks: true, channel: true, trouble: 0.2 }, wire: { scope: 'point', sparse: true, late: false, garbled: false }, catchUp: { how: 'queue', history: true, receipts: 'replay' }, batch: 250, steps: [{ after: 0, do: 'send', d: 4, t: 0, c: 'team' }, { after: 1, d: 2, t: 0, c: 'team', do: 'page', act: 'scroll', at: 1, ms: 1500 }, { after: 900, do: 'wait', ms: 15000 }, { after: 2500, d: 0, t: 0, do: 'wake' }, { after: 2500, d: 1, t: 2, do: 'evict' }, { after: 2500, do: 'drop', d: 1, t: 0 }, { after: 2500, d: 0, t: 0, c: 'pair', do: 'page', act: 'open', at: 0, ms: 1500 }, { after: 2500, do: 'read', d: 3, t: 2, c: 'pair', from: 0.8761008605360985, count: 4 }, { after: 2500, d: 1, t: 0, do: 'evict' }, { after: 60, do: 'receipts', d: 2, t: 1, to: 'private' }, { after: 900, d: 1, t: 1, c: 'team', do: 'page', act: 'open', at: 1, ms: 60 }], unlisted: true, reading: { direct: 'perMessage', group: 'upTo', entering: 'all' } },
  },
  {
    name: 'what room was made of is fetched again before anybody looks',
    schedule: { seed: 100890, latencyMs: 40, seeded: 4, tabs: { locks: true, channel: true, trouble: 0.6 }, catchUp: { how: 'queue', history: true, receipts: 'fetch' }, steps: [{ after: 15, do: 'clear', d: 2, t: 2, c: 'pair' }, { after: 2500, do: 'send', d: 2, t: 1, c: 'pair' }, { after: 2500, d: 2, t: 1, do: 'twoLeaders' }, { after: 250, do: 'send', d: 0, t: 0, c: 'pair' }, { after: 0, do: 'wait', ms: 15000 }, { after: 15, d: 2, t: 2, c: 'pair', do: 'prune', keptMs: 10000 }, { after: -1, do: 'wait', ms: 15000 }], unlisted: true },
  },
  {
    name: 'clearing on a slow disk leaves what came after it was asked for',
    schedule: { seed: 101013, latencyMs: 120, seeded: 40, tabs: { locks: true, channel: true, trouble: 0.2 }, wire: { scope: 'point', sparse: true, late: false, garbled: false }, steps: [{ after: 250, d: 2, t: 1, do: 'crashTab' }, { after: 60, d: 2, t: 0, do: 'disk', trouble: 'slow', times: 3 }, { after: 15, do: 'send', d: 0, t: 2, c: 'pair' }, { after: 250, do: 'send', d: 3, t: 2, c: 'pair' }, { after: -1, do: 'clear', d: 2, t: 1, c: 'pair' }] },
  },
  {
    name: 'what is cleared is what its tab shows, where another one has stored more',
    schedule: { seed: 6, latencyMs: 5, seeded: 40, tabs: { locks: false, channel: true, trouble: 0.6 }, steps: [{ after: -1, do: 'read', d: 1, t: 2, c: 'team', from: 0.8870017235167325, count: 1 }, { after: -1, do: 'send', d: 3, t: 2, c: 'team' }, { after: -1, do: 'recall', d: 2, t: 0, c: 'pair' }, { after: 2500, do: 'receipts', d: 3, t: 0, to: 'private' }, { after: 250, do: 'send', d: 1, t: 2, c: 'team' }, { after: 1, d: 0, t: 2, do: 'disk', trouble: 'unsure', times: 1 }, { after: 15, do: 'send', d: 1, t: 2, c: 'pair' }, { after: 250, do: 'wait', ms: 1500 }, { after: 1, do: 'clear', d: 3, t: 2, c: 'pair' }] },
  },
]
