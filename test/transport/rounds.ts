/** How often a suite runs in a row: `READBACK_ROUNDS`, default once; the long run takes three. In Node and in a browser. */
const { process } = globalThis as { process?: { env: Record<string, string | undefined> } }
/** A page has no process, and in Node `import.meta.env` has not this one. */
const given = process?.env['READBACK_ROUNDS'] ?? (import.meta as unknown as { env: Record<string, string | undefined> }).env['READBACK_ROUNDS']

/** Names of the rounds; empty where there is one. */
export const ROUNDS: readonly string[] = Number(given ?? 1) > 1 ? Array.from({ length: Number(given) }, (_, n) => `round ${n + 1}: `) : ['']
