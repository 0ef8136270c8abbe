/** Text meant to run, to navigate or to ask for something: payloads in the places where careless code lets them. Written for this test. */

/** Each calls `pwn` if it runs. */
const MARKUP = [
  '<script>pwn()</script>', '<script src=//x.invalid/a.js></script>', '<img src=x onerror=pwn()>', '<img src=//x.invalid/a.png>', '<svg onload=pwn()>', '<svg><script>pwn()</script></svg>',
  '<svg><animate onbegin=pwn() attributeName=x dur=1s>', '<svg><use href="data:image/svg+xml,<svg id=x onload=pwn()>#x"/></svg>', '<body onload=pwn()>', '<iframe src=javascript:pwn()></iframe>', '<iframe srcdoc="<script>parent.pwn()</script>"></iframe>',
  '<object data=javascript:pwn()></object>', '<embed src=javascript:pwn()>', '<input autofocus onfocus=pwn()>', '<details open ontoggle=pwn()>x</details>', '<video><source onerror=pwn()></video>', '<audio src=x onerror=pwn()>',
  '<marquee onstart=pwn()>x</marquee>', '<form action=javascript:pwn()><button>x</button></form>', '<a href=javascript:pwn()>x</a>', '<math><a xlink:href=javascript:pwn()>x</a></math>', '<template><script>pwn()</script></template>',
  '<style>@import "//x.invalid/a.css"</style>', '<link rel=stylesheet href=//x.invalid/a.css>', '<base href=//x.invalid/>', '<meta http-equiv=refresh content="0;url=javascript:pwn()">', '<div style="background:url(//x.invalid/a)">x</div>',
  '<noscript><p title="</noscript><img src=x onerror=pwn()>"></noscript>', '<math><mtext><table><mglyph><style><img src=x onerror=pwn()></style></mglyph></table></mtext></math>', '<select><template><img src=x onerror=pwn()></template></select>',
  '<div popover id=p onbeforetoggle=pwn()></div><button popovertarget=p>x</button>', '<x contenteditable onblur=pwn() tabindex=1>x</x>', '<p onpointerrawupdate=pwn() onmouseover=pwn()>x</p>', '<xss style="animation-name:rb-flash" onanimationstart=pwn()></xss>',
]

/** Addresses that must lead nowhere. */
const ADDRESSES = [
  'javascript:pwn()', 'JaVaScRiPt:pwn()', ' javascript:pwn()', '\u0001javascript:pwn()', 'java\tscript:pwn()', 'java\nscript:pwn()', 'javascript\u0000:pwn()', 'javascript:/*--></title>*/pwn()', 'javascript://%0apwn()', 'vbscript:pwn()', 'livescript:pwn()',
  'data:text/html,<script>pwn()</script>', 'data:text/html;base64,PHNjcmlwdD5wd24oKTwvc2NyaXB0Pg==', 'data:application/xhtml+xml,<x:script xmlns:x="http://www.w3.org/1999/xhtml">pwn()</x:script>', 'data:,pwn()', 'file:///etc/passwd', 'view-source:javascript:pwn()',
  'filesystem:http://x.invalid/a', 'intent://x.invalid#Intent;scheme=javascript;end', 'about:blank#pwn()', 'feed:javascript:pwn()', 'jar:javascript:pwn()!/', 'mhtml:javascript:pwn()', 'chrome://settings', 'ws://x.invalid/', 'javascript:alert`1`',
]

/** What stands around a payload: the ends of every context that it might have been put into. */
const CONTEXTS: readonly ((payload: string) => string)[] = [
  (payload) => payload,
  (payload) => `">${payload}`,
  (payload) => `'>${payload}`,
  (payload) => `\` ${payload}`,
  (payload) => `-->${payload}<!--`,
  (payload) => `</textarea></title></style></script>${payload}`,
  (payload) => `]]>${payload}`,
  (payload) => `[click](${payload})`,
  (payload) => `![](${payload})`,
  (payload) => `<${payload}>`,
  (payload) => `{{constructor.constructor('pwn()')()}} \${pwn()} ${payload}`,
  (payload) => `\u202e${payload}\u2066`,
  (payload) => `https://example.com/${payload} see`,
  (payload) => `" onmouseover=pwn() x="${payload}`,
  (payload) => payload.replaceAll('<', '&lt;').replaceAll('>', '&gt;'),
]

/** At least five hundred, each different. */
export const VECTORS: readonly string[] = [...new Set(CONTEXTS.flatMap((within) => [...MARKUP, ...ADDRESSES].map(within)))]

/** Addresses alone, for where an address is expected. */
export const ADDRESS_VECTORS: readonly string[] = [...new Set(ADDRESSES.flatMap((address) => [address, address.toUpperCase(), ` \t${address}`, `${address}#.png`, `\u200b${address}`, encodeURI(address)]))]
