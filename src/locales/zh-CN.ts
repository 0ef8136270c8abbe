/** `readback/locales/zh-CN`: Chinese, simplified. */
import { createLocale, type LocaleDefinition } from './locale.js'

/** @public */
export const zhCNDefinition: LocaleDefinition = {
  tag: 'zh-CN',
  dir: 'ltr',
  messages: ({ plural, list, number }) => ({
    receipts: { failed: '发送失败', sending: '发送中', sent: '已发送', delivered: '已送达', read: '已读' },
    badge: {
      all: '全部已读',
      some: (read) => `${number(read)}人已读`,
      nobody: '暂无人读',
      long: (read, total) => `${number(total)}人中有${number(read)}人已读`,
    },

    messageListLabel: '消息',
    unreadSeparator: '新消息',
    jumpToNewest: '跳到最新消息',
    newMessages: (count) => plural(count, { other: '#条新消息' }),
    loadingMessages: '正在加载消息…',
    noMessagesTitle: '还没有消息',
    noMessagesHint: '打个招呼吧。即使现在离线，消息也会稍后发出。',
    unknownConversationTitle: '没有这个会话',
    unknownConversationHint: (conversationId) => `这里没有关于“${conversationId}”的任何信息。它可能已被删除，或者链接有误。`,
    loadFailedTitle: '消息加载失败',
    loadFailedHint: '消息仍保存在本机。请刷新页面重试。',

    you: '你',
    authorSays: (name) => `${name}：`,
    edited: '已编辑',
    recalledByYou: '你撤回了一条消息',
    recalledBy: (name) => `${name}撤回了一条消息`,
    deleted: '此消息已被删除',
    retry: '重新发送',
    showMore: '展开全文',
    showLess: '收起',
    partFailed: '这条消息无法显示',
    unsupportedMessage: '暂不支持显示此类消息',
    image: '图片',
    imageFailed: '图片加载失败',
    video: '视频',
    voice: '语音消息',
    file: '文件',

    messageActions: '消息操作',
    reply: '回复',
    react: '添加表情回应',
    reactWith: (emoji) => `用${emoji}回应`,
    reactions: (emoji, count, mine) => `${emoji}${plural(count, { other: '#个回应' })}${mine ? '，包括你的' : ''}`,
    copyText: '复制文字',
    edit: '编辑',
    recall: '撤回',
    deleteForMe: '仅为我删除',
    deleteForAll: '为所有人删除',
    discard: '放弃发送',
    messageInfo: '消息详情',
    quoteMissing: '原消息未加载',
    quoteOf: (name, excerpt) => `回复${name}：${excerpt}`,

    openImage: (alt) => `打开图片：${alt}`,
    imageViewer: '图片查看器',
    closeViewer: '关闭',
    previousImage: '上一张图片',
    nextImage: '下一张图片',
    zoom: '缩放',
    openOriginal: '在新标签页中打开',

    typing(names, direct) {
      if (direct) return '对方正在输入…'
      if (names.length > 3) return '多人正在输入…'
      return `${list(names)}正在输入…`
    },
    memberCount: (count) => plural(count, { other: '#位成员' }),
    connecting: '正在连接…',
    connectionTrouble: {
      offline: '当前离线，消息将在恢复连接后发送。',
      unauthorized: '登录已失效，请重新登录后收发消息。',
      insecureAddress: '服务器地址不安全，未发送任何内容。',
    },
    storageMemory: '此浏览器无法保存数据，关闭页面后未发送的内容会丢失。',
    storageFull: '本机存储空间已满，请清理后再保存新消息。',
    storageReadOnly: '目前只能查看消息，无法保存到本机。',
    storageBlocked: '另一个标签页正在使用旧版本，请关闭它后继续。',
    storageReopening: '正在重新打开已保存的消息…',

    composerLabel: '消息',
    composerPlaceholder: '输入消息',
    send: '发送',
    replyingTo: (name) => `回复${name}`,
    editing: '正在编辑你的消息',
    cancel: '取消',
    save: '保存',
    attach: '添加文件',
    attachedFiles: '已添加的文件',
    removeFile: (name) => `移除${name}`,
    dropFiles: '将文件拖放到此处即可添加',
    uploading: (fraction) => `已上传${number(Math.floor(fraction * 100))}%`,
    requestReceipt: '请求已读回执',
    receiptRequested: '已请求这条消息的已读回执',
    mentionSuggestions: '可提及的成员',

    conversationListLabel: '会话',
    noConversations: '还没有会话',
    loadingConversations: '正在加载会话…',
    untitledConversation: '会话',
    unreadCount: (count, exact) => (exact ? plural(count, { other: '#条未读消息' }) : `至少${number(count)}条未读消息`),
    markedUnread: '已标为未读',
    draftPrefix: '[草稿]',
    previewFrom: (name) => `${name}：`,
  }),
}

/** @public */
export const zhCN = createLocale(zhCNDefinition)
