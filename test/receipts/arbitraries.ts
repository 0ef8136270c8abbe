import fc from 'fast-check'
import { emptyMemberState, progressOfReceipt, type Member, type MemberReceipt, type Message, type Point, type Progress } from 'readback'

/** One seed for every run; another is tried with TEST_SEED. */
fc.configureGlobal({ seed: Number(process.env['TEST_SEED'] ?? 20261121) })

/** Few epochs, orders and ids, so that overlaps, ties and shared ends are common. */
export const aPoint: fc.Arbitrary<Point> = fc.record({ epoch: fc.constantFrom(0, 0, 0, 1), order: fc.nat(12), id: fc.constantFrom('a', 'b') })

export const at = (order: number, id = 'a', epoch = 0): Point => ({ epoch, order, id })

/** Every point that {@link aPoint} can make. */
export const allPoints: readonly Point[] = [0, 1].flatMap((epoch) => Array.from({ length: 13 }, (_, order) => ['a', 'b'].map((id) => at(order, id, epoch))).flat())

export const aReceipt: fc.Arbitrary<MemberReceipt> = fc.record(
  {
    kind: fc.constantFrom('delivered', 'read', 'viewed'),
    upTo: fc.option(aPoint, { nil: null }),
    ranges: fc.array(fc.record({ from: aPoint, to: aPoint }), { maxLength: 3 }),
    points: fc.array(aPoint, { maxLength: 3 }),
    time: fc.nat(20),
  },
  { requiredKeys: ['kind'] },
)

export const aProgress: fc.Arbitrary<Progress> = aReceipt.map(progressOfReceipt)

/** Members with up to two intervals, some without any receipt. */
export const aRoster: fc.Arbitrary<readonly Member[]> = fc.array(fc.uniqueArray(aPoint, { maxLength: 4, comparator: (a, b) => JSON.stringify(a) === JSON.stringify(b) }), { maxLength: 6 }).map((lists) =>
  lists.map((points, index) => ({ userId: `u${index}`, role: 'member' as const, intervals: intervalsOf(points) })),
)

function intervalsOf(points: readonly Point[]): Member['intervals'] {
  const sorted = [...points].sort((a, b) => a.epoch - b.epoch || a.order - b.order || (a.id < b.id ? -1 : 1))
  const intervals: Member['intervals'][number][] = []
  for (let index = 0; index < sorted.length; index += 2) intervals.push({ joinedAt: sorted[index] ?? null, leftAt: sorted[index + 1] ?? null })
  return intervals.length === 0 ? [{ joinedAt: null, leftAt: null }] : intervals
}

export const someone = (userId: string, joinedAt: Point | null = null, leftAt: Point | null = null): Member => ({ userId, role: 'member', intervals: [{ joinedAt, leftAt }] })

export const stateOf = emptyMemberState

/** A text message by `from` at `place`. */
export const textAt = (place: Point | null, from = 'bob', more: Partial<Message> = {}): Message => ({
  conversationId: 'c', from, localId: `l-${place?.order ?? 'echo'}-${place?.id ?? ''}`, ids: place ? [place.id] : [], at: place, time: 0, body: { kind: 'text', text: 'hi' }, ...more,
})
