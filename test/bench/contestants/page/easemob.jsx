/** The message list of easemob-chat-uikit over its own store, with an SDK that says nothing: what is measured is the kit. */
import '../../page/commits'
import { MessageList, RootProvider, rootStore } from 'easemob-chat-uikit'
import 'easemob-chat-uikit/style.css'
import { createRoot } from 'react-dom/client'
import { runContestant } from '../../page/harness'
import { rowAt } from '../../page/rows'

/** Answers whatever is called with an empty page. */
const silent = new Proxy(() => {}, {
  get: (_, name) => (name === 'getCurrentUserId' ? () => 'me' : name === 'then' ? undefined : silent),
  apply: () => Promise.resolve({ items: [], data: [], entities: [] }),
})

let cvs
let scene
let react = null
let receipts = 0

const messageOf = ({ key, from, own, text, time }) => ({
  type: 'txt', msgLocalId: `l${key}`, msgServerId: key, conversationId: cvs.conversationId, conversationType: cvs.chatType, from, to: cvs.conversationId,
  direct: own ? 'SEND' : 'RECEIVE', sendStatus: 'sent', isDelivered: own, isPeerRead: !own, timestamp: time, body: { type: 'txt', content: text }, ext: {},
  ...(cvs.chatType === 'groupChat' && own && { needReadReceipt: true, groupReadCount: 0 }),
})
const tellRead = (index, details) => rootStore.messageStore.applyMessageReadReceipts([{ conversationId: cvs.conversationId, conversationType: cvs.chatType, messageIds: [`m${index}`], ...details }])

runContestant({
  rowSelector: '.cui-messageList-msgItem',
  async open(given) {
    scene = given
    receipts = 0
    cvs = { conversationId: scene.kind === 'group' ? 'group' : 'u0', chatType: scene.kind === 'group' ? 'groupChat' : 'singleChat', name: 'A conversation' }
    Object.assign(rootStore, { client: silent, initConfig: { appKey: 'a#b', maxMessages: 10_000_000 } })
    rootStore.conversationStore.setCurrentCvs(cvs)
    rootStore.messageStore.setCurrentCVS(cvs)
    rootStore.messageStore.addHistoryMsgs(cvs, Array.from({ length: scene.size }, (_, i) => messageOf(rowAt(i, scene))))
  },
  mount(root) {
    react = createRoot(root)
    react.render(
      <RootProvider value={{ rootStore, initConfig: rootStore.initConfig, features: {}, reactionConfig: { map: {} }, theme: {}, presenceMap: {} }}>
        <div style={{ height: '100%' }}><MessageList conversation={cvs} style={{ height: 720, display: 'flex', flexDirection: 'column' }} /></div>
      </RootProvider>,
    )
  },
  unmount: () => react?.unmount(),
  append: (row) => rootStore.messageStore.receiveMessage(messageOf(row)),
  flip: (index) => tellRead(index),
  receipt: () => tellRead(scene.size - 1, { receiptDetails: [{ messageId: `m${scene.size - 1}`, count: ++receipts }] }),
  prepend: (page) => rootStore.messageStore.addHistoryMsgs(cvs, page.map(messageOf)),
  scroller: () => document.querySelector('.cui-scrollList'),
  rows: () => [...document.querySelectorAll('.cui-messageList-msgItem')],
  // The same icon, in another colour.
  isRead: (row) => (row.querySelector('.cui-message-status .cui-icon')?.style.fill ?? '') !== '',
  readers: () => receipts,
})
