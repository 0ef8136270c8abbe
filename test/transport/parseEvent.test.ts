import { expect, it } from 'vitest'
import { parseEvent } from 'readback/transport/kit'

const MESSAGE = { conversationId: 'c', id: 'm1', at: { epoch: 0, order: 1, id: 'm1' }, from: 'bob', time: 1, body: { kind: 'text', text: 'one' } }

it('reads an event into what is known of it', () => {
  expect(parseEvent(JSON.stringify({ type: 'message', message: { ...MESSAGE, secret: 1 }, more: true }))).toEqual({ type: 'message', message: MESSAGE })
})

it.each([
  ['nothing', ''], ['a page', '<html>'], ['half an event', '{"type":"message","mess'], ['no object', '[]'], ['null', 'null'], ['of no type', '{}'], ['of a type of its own', '{"type":"hug"}'],
  ['what a transport says itself', '{"type":"cursor","cursor":"x"}'], ['a message without a place', JSON.stringify({ type: 'message', message: { ...MESSAGE, at: null } })],
  ['a body nested too deep', `{"type":"message","message":${JSON.stringify({ ...MESSAGE, body: 0 }).replace('"body":0', `"body":{"kind":"custom","type":"t","data":${'['.repeat(5_000)}${']'.repeat(5_000)}}`)}}`],
  ['nested deeper than can be walked, with an escape', `{"type":"typing","conversationId":"\\u0063","by":"bob","on":true,"more":${'['.repeat(200_000)}${']'.repeat(200_000)}}`],
  ['too long', JSON.stringify({ type: 'message', message: { ...MESSAGE, body: { kind: 'text', text: 'x'.repeat(1_048_577) } } })],
])('%s is none', (_what, text) => {
  expect(parseEvent(text)).toBeNull()
})

it('changes no prototype, however the name is spelt', () => {
  for (const name of ['__proto__', '\\u005f_proto__']) {
    const event = parseEvent(`{"type":"message","message":${JSON.stringify({ ...MESSAGE, body: 0 }).replace('"body":0', `"body":{"kind":"custom","type":"t","data":{"${name}":{"polluted":1}}}`)}}`)
    const { data } = (event as unknown as { message: { body: { data: object } } }).message.body
    expect(Object.getOwnPropertyNames(data)).toEqual([])
    expect(Object.assign({}, data)).not.toHaveProperty('polluted')
  }
})
