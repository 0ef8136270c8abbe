/** [A16] Every vector and every naughty string in every text, under a strict policy. */
await import('../security/policy.test.js')

export {}
