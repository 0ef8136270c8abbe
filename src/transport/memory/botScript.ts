/** What a bot says: short, friendly, and a little to the point. */
import type { MessageBody, Random } from '../../model/index.js'

interface Cue {
  readonly when: RegExp
  readonly say: readonly string[]
}

const CUES: readonly Cue[] = [
  { when: /^\s*(hi|hello|hey|good (morning|evening|afternoon)|moin)\b/i, say: ['Hello! Good to hear from you.', 'Hi there 👋 How is it going?', 'Hey! I was just thinking of you.'] },
  { when: /^\s*(你好|您好|嗨|早上好|晚上好)/, say: ['你好！很高兴收到你的消息。', '嗨，最近怎么样？', '你好呀 👋'] },
  { when: /\b(thanks|thank you|thx|cheers)\b/i, say: ['You are welcome.', 'Any time!', 'Glad it helped.'] },
  { when: /谢谢|多谢/, say: ['不客气！', '应该的。', '很高兴能帮上忙。'] },
  { when: /\b(bye|see you|good night|later)\b/i, say: ['See you soon!', 'Take care 👋', 'Good night.'] },
  { when: /\b(lunch|dinner|coffee|eat|cake|tea)\b/i, say: ['Now I am hungry. Where shall we meet?', 'Count me in, say when.', 'There is a new place round the corner, by the way.'] },
  { when: /\b(when|what time|tomorrow|today|monday|tuesday|wednesday|thursday|friday)\b/i, say: ['Half past ten suits me. You?', 'Let me look at my calendar… yes, that works.', 'Afternoon would be better for me.'] },
  { when: /\b(where|address|meet|station)\b/i, say: ['By the main entrance, as last time?', 'I will send you the address in a minute.', 'Anywhere near the river is fine.'] },
  { when: /\b(sorry|late|delay)\b/i, say: ['No worries at all.', 'Happens to the best of us.', 'Take your time, I am in no hurry.'] },
  { when: /\b(works?|done|finished|fixed|ready)\b/i, say: ['Excellent, well done!', 'That was quick.', 'Great. I will have a look this afternoon.'] },
  { when: /[?？]\s*$/, say: ['Good question. My guess is yes.', 'Let me find out and come back to you.', 'I would say so, but do ask the others as well.', 'Hmm, what do you think yourself?'] },
  { when: /!\s*$/, say: ['Ha, I like the spirit!', 'Wonderful news.', 'So do I!'] },
]

const OTHERWISE = [
  'I see. Tell me more.', 'Makes sense to me.', 'Understood, thank you.', 'That reminds me: I still owe you an answer from last week.', 'Interesting. How did that come about?',
  'All right, let us do it that way.', 'I had not looked at it like this before.', 'Noted 👍', 'Fine with me.', 'Go on, I am listening.',
]

const BY_KIND: Partial<Record<MessageBody['kind'], readonly string[]>> = {
  image: ['What a nice picture!', 'Lovely. Where was that?', 'That one is going on my wall.'],
  video: ['Watched it twice already.', 'Ha, wonderful clip.'],
  voice: ['Good to hear your voice.', 'Listened to it on the way. Agreed.'],
  file: ['Got the file, thanks. I will read it tonight.', 'Thank you, opening it now.'],
}

/** An answer to `body`, never the same twice in a row. */
export function botReply(body: MessageBody, random: Random, previous: string | null): string {
  const choices = choicesFor(body).filter((line) => line !== previous)
  return choices[Math.floor(random.next() * choices.length)] ?? OTHERWISE[0]!
}

function choicesFor(body: MessageBody): readonly string[] {
  if (body.kind !== 'text') return BY_KIND[body.kind] ?? OTHERWISE
  return CUES.find((cue) => cue.when.test(body.text))?.say ?? OTHERWISE
}
