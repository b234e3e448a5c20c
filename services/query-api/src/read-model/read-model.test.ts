import assert from 'node:assert/strict'
import { freshnessOf, receiptOf } from '@crypto-signals/contracts'
import { quoteOf, scoredCoinOf } from '@crypto-signals/testing'
import * as fc from 'fast-check'
import t from 'tap'
import { createArena, UNIT_BYTES } from './arena.ts'
import { createChangeLog } from './change-log.ts'
import { createColumn } from './column.ts'
import { createHeld } from './held.ts'
import { createMarket } from './market.ts'
import { createOrder } from './order.ts'
import { createRowBytes } from './row-bytes.ts'

const IDS = Array.from({ length: 41 }, (_, slot) => `coin-${slot}`)

t.test('an order is what sorting by key and coinId gives, after any changes', async (t) => {
  const key = fc.constantFrom(-100, -50.5, -0, 0, 1, 2, 3, Number.POSITIVE_INFINITY)
  const batch = fc.array(fc.tuple(fc.nat(40), key), { minLength: 1, maxLength: 40 })
  const property = fc.property(
    fc.array(batch, { maxLength: 8 }),
    fc.array(fc.string({ maxLength: 3 })),
    (batches, prefixes) => {
      const ids = Array.from({ length: 41 }, (_, slot) => `${prefixes[slot] ?? ''}/${slot}`)
      const [keys, slots] = [createColumn(Float64Array), createHeld('row', ids)]
      const order = createOrder(ids, keys)
      const held = new Map<number, number>()
      for (const [moment, changes] of batches.entries()) {
        for (const [slot, key] of changes) {
          slots.accept(slot, moment, held.size)
          keys.set(slot, key)
          held.set(slot, key)
        }
        slots.settle((changed) => order.update(changed))
        const sorted = [...held.keys()].sort((a, b) => {
          const [keyA, keyB] = [held.get(a) ?? 0, held.get(b) ?? 0]
          return keyA === keyB ? ((ids[a] ?? '') < (ids[b] ?? '') ? -1 : 1) : keyA < keyB ? -1 : 1
        })
        assert.deepEqual([...order.slots.subarray(0, order.size)], sorted)
      }
    },
  )
  fc.assert(property, { numRuns: 300 })
  t.pass('every order was right')
})

t.test('of a slot the newest observation stays, whatever the order of arrival', async (t) => {
  const moment = fc.tuple(fc.integer({ min: -2, max: 2 }), fc.integer({ min: -2, max: 2 }))
  const property = fc.property(fc.array(moment, { minLength: 1 }), (moments) => {
    const held = createHeld('row', IDS)
    let newest: [number, number] | undefined
    for (const [observed, received] of moments) {
      const isNewer = newest === undefined || observed > newest[0] || (observed === newest[0] && received > newest[1])
      if (isNewer) newest = [observed, received]
      assert.equal(held.accept(3, observed, received), isNewer)
    }
    assert.deepEqual([held.size, held.has(3), held.has(2), held.has(9_999)], [1, true, false, false])
  })
  fc.assert(property)
  t.pass('every newest one stayed')
})

t.test('settles each change once', async (t) => {
  const held = createHeld('row', IDS)
  held.accept(5, 1, 1)
  held.accept(5, 2, 2)
  held.accept(1, 1, 1)
  t.ok(held.settle(({ slots, flags }) => t.strictSame([slots, flags[5], flags[1], flags[0]], [[5, 1], 1, 1, 0])))
  t.notOk(held.settle(() => t.fail('nothing changed')))
  held.accept(5, 1, 1)
  t.notOk(held.settle(() => t.fail('nothing newer came')))
})

t.test(
  'markets that hold the same have the same version, however they came to it, and others have another',
  async (t) => {
    const minute = (n: number) => `2026-01-01T00:0${n}:00.000Z`
    const row = fc.record({ coin: fc.nat(3), isQuote: fc.boolean(), observed: fc.nat(3), received: fc.nat(3) })
    const rowsIn = (rows: { coin: number; isQuote: boolean; observed: number; received: number }[]) => {
      const market = createMarket()
      for (const { coin, isQuote, observed, received } of rows) {
        const moments = { coinId: `coin-${coin}`, observedAt: minute(observed) }
        if (isQuote) market.load({ quotes: [quoteOf({ ...moments, receivedAt: minute(received) })] })
        else market.load({ scored: [scoredCoinOf({ ...moments, updatedAt: minute(received) })] })
        if (received > 1) market.refresh()
      }
      market.refresh()
      return market.version
    }
    const heldOf = (rows: { coin: number; isQuote: boolean; observed: number; received: number }[]) => {
      const moments = new Map<string, number>()
      for (const { coin, isQuote, observed, received } of rows) {
        const key = `${coin} ${isQuote}`
        moments.set(key, Math.max(moments.get(key) ?? 0, observed * 10 + received))
      }
      return JSON.stringify([...moments].sort(([a], [b]) => (a < b ? -1 : 1)))
    }
    const property = fc.property(fc.array(row), fc.array(row), fc.array(fc.nat()), (rows, others, keys) => {
      const shuffled = rows.map((one, i) => ({ one, key: keys[i] ?? i })).sort((a, b) => a.key - b.key)
      const again = [...shuffled.map(({ one }) => one), ...rows.slice(0, 3)]
      assert.equal(rowsIn(again), rowsIn(rows))
      assert.equal(rowsIn(others) === rowsIn(rows), heldOf(others) === heldOf(rows))
    })
    fc.assert(property, { numRuns: 300 })
    t.equal(createMarket().version, '0-0')
    const newest = rowsIn([{ coin: 1, isQuote: true, observed: 0, received: 3 }])
    t.equal(receiptOf(newest), Date.parse(minute(3)), 'it begins with the newest receipt')
    const late = rowsIn([
      { coin: 1, isQuote: true, observed: 0, received: 3 },
      { coin: 1, isQuote: true, observed: 1, received: 2 },
    ])
    t.equal(receiptOf(late), Date.parse(minute(2)), 'of what is held, not of what was')
  },
)

t.test('pieces of an arena never overlap, lie within one block and are handed out again', async (t) => {
  const step = fc.tuple(fc.boolean(), fc.integer({ min: 1, max: 6_000 }))
  const property = fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
    const arena = createArena()
    const live = new Map<number, number>()
    for (const [isGivenBack, units] of steps) {
      const [oldest] = live
      if (isGivenBack && oldest) {
        live.delete(oldest[0])
        arena.giveBack(...oldest)
        assert.equal(arena.take(oldest[1]), oldest[0])
        live.set(...oldest)
      }
      const place = arena.take(units)
      const [from, to] = [arena.offsetOf(place), arena.offsetOf(place) + units * UNIT_BYTES]
      assert.ok(to <= arena.blockOf(place).length)
      for (const [other, otherUnits] of live) {
        const start = arena.offsetOf(other)
        const isApart =
          arena.blockOf(other) !== arena.blockOf(place) || start >= to || start + otherUnits * UNIT_BYTES <= from
        assert.ok(isApart)
      }
      live.set(place, units)
    }
  })
  fc.assert(property)
  t.pass('no two pieces overlapped')
})

t.test('a row comes back as it was set, with its age, however rows grow and shrink', async (t) => {
  const value = fc.record({ text: fc.string({ maxLength: 400, unit: 'grapheme' }), n: fc.double({ noNaN: true }) })
  const write = fc.record({
    row: fc.nat(12),
    value,
    age: fc.oneof(fc.nat(1_000), fc.constantFrom(0, 9, 10, 99, 100, 2 ** 40, 10 ** 14)),
  })
  const property = fc.property(fc.array(write, { minLength: 1, maxLength: 60 }), (writes) => {
    const [bytes, now, held] = [createRowBytes(), 10 ** 14, new Map<number, (typeof writes)[number]>()]
    for (const one of writes) {
      bytes.set(one.row, one.value, now - one.age)
      held.set(one.row, one)
    }
    for (const [row, { value, age }] of held) {
      const out = Buffer.alloc(bytes.roomFor(row) + 1)
      const text = out.toString('utf8', 0, bytes.write(row, out, 0, now))
      const json = JSON.stringify({ ...value, ageMs: age, freshness: freshnessOf(age) }).slice(0, -1)
      assert.deepEqual([text, bytes.text(row, now)], [json, json])
    }
  })
  fc.assert(property)
  t.pass('every row came back')
})

t.test('a change log tells each slot once, where it last changed, from any mark on', async (t) => {
  const property = fc.property(
    fc.array(fc.nat(40), { maxLength: 4_000, size: 'max' }),
    fc.nat(4_000),
    fc.nat(50),
    (touched, after, limit) => {
      const log = createChangeLog()
      for (const slot of touched) log.touch(slot)
      const last = new Map(touched.map((slot, i) => [slot, i + 1]))
      const expected = [...last].filter(([, mark]) => mark > after).sort(([, a], [, b]) => a - b)
      const taken: number[] = []
      const reached = log.walk(after, (slot) => taken.length < limit && taken.push(slot) > 0)
      assert.deepEqual(
        taken,
        expected.slice(0, limit).map(([slot]) => slot),
      )
      const [next] = expected.slice(limit)
      assert.ok(
        next === undefined
          ? reached === touched.length
          : reached >= (expected[limit - 1]?.[1] ?? after) && reached < next[1],
      )
      assert.ok([...last].every(([slot, mark]) => log.markOf(slot) === mark))
    },
  )
  fc.assert(property)
  t.equal(createChangeLog().markOf(7), 0)
})

t.test('the shape of a week is some of its prices between the lowest and the highest of these', async (t) => {
  const shapeOf = (sparkline: number[] | null) => {
    const market = createMarket()
    market.load({ quotes: [quoteOf({ sparkline })] })
    const out = Buffer.alloc(market.rows.roomFor(0))
    return JSON.parse(out.toString('utf8', 0, market.rows.write(0, out, 0))).shape7d
  }
  const rising = Array.from({ length: 168 }, (_, hour) => 1_000 + hour)
  t.strictSame(
    shapeOf(rising),
    Array.from({ length: 24 }, (_, i) => Math.round((100 * Math.round((i * 167) / 23)) / 167)),
  )
  t.strictSame(shapeOf([3e-9, 1e-9, 2e-9]), [100, 0, 50])
  t.strictSame(shapeOf([5, 5, 5]), [50, 50, 50], 'a price that stood still has no lowest')
  for (const none of [null, [], [1]]) t.equal(shapeOf(none), null)
})
