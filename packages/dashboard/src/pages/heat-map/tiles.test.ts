import * as fc from 'fast-check'
import t from 'tap'
import type { MarketRow } from '../../market/protocol.ts'
import { coinsOf, heatOf, layTiles, neighbourOf, roomOf, type Tile } from './tiles.ts'

type Corner = readonly [number, number]

const BOX = { width: 1200, height: 640 }

t.test('tiles fill the box and none lies upon another', (t) => {
  const caps = fc.array(fc.double({ min: 1, max: 1e12, noNaN: true }), { minLength: 1, maxLength: 120 })
  fc.assert(
    fc.property(caps, fc.constantFrom('root' as const, 'linear' as const), (values, scale) => {
      const tiles = layTiles(
        values.map((cap, i) => row(`coin-${i}`, cap)),
        BOX,
        scale,
      )
      const area = tiles.reduce((sum, { width, height }) => sum + width * height, 0)
      return (
        tiles.length === values.length &&
        area === BOX.width * BOX.height &&
        tiles.every((tile) => isWithin(tile) && tiles.every((other) => other === tile || isApart(tile, other)))
      )
    }),
  )
  t.end()
})

t.test('a larger coin has a tile as much larger as the scale says', (t) => {
  const rows = [row('large', 9e9), row('small', 1e9)]
  const share = (scale: 'root' | 'linear') => {
    const [large, small] = layTiles(rows, BOX, scale) as [Tile, Tile]
    t.same([large.coinId, small.coinId], ['large', 'small'])
    return (large.width * large.height) / (small.width * small.height)
  }
  t.ok(Math.abs(share('linear') - 9) < 0.1, 'nine times by market cap')
  t.ok(Math.abs(share('root') - 3) < 0.05, 'three times by its root')
  t.end()
})

t.test('coins without a market cap, and boxes without room, have no tiles', (t) => {
  t.same(layTiles([row('unknown', null), row('nothing', 0)], BOX, 'root'), [])
  t.same(layTiles([row('one', 1)], { width: 0, height: 400 }, 'root'), [])
  t.end()
})

t.test('the same coins in another order are the same map', (t) => {
  const [a, b] = [row('a', 5), row('b', 5)]
  t.equal(coinsOf([a, b]), coinsOf([b, a]))
  t.same(layTiles([a, b], BOX, 'root'), layTiles([b, a], BOX, 'root'))
  t.not(coinsOf([a]), coinsOf([a, b]))
  t.end()
})

t.test('arrow keys go to the tile that the eye would go to', (t) => {
  const at = (coinId: string, [x, y]: Corner, [width, height]: Corner) => ({ coinId, x, y, width, height })
  const big = at('big', [0, 0], [100, 200])
  const top = at('top', [100, 0], [50, 60])
  const middle = at('middle', [100, 60], [50, 80])
  const far = at('far', [150, 60], [50, 140])
  const below = at('below', [100, 140], [50, 60])
  const tiles = [big, top, middle, far, below]
  t.equal(neighbourOf(tiles, big, 'right')?.coinId, 'middle', 'straight ahead of its middle')
  t.equal(neighbourOf(tiles, middle, 'left')?.coinId, 'big')
  t.equal(neighbourOf(tiles, middle, 'down')?.coinId, 'below')
  t.equal(neighbourOf(tiles, top, 'right')?.coinId, 'far', 'aside where nothing is straight ahead')
  t.equal(neighbourOf(tiles, big, 'left'), null, 'nowhere at the edge')
  t.equal(neighbourOf(tiles, top, 'up'), null)
  t.end()
})

t.test('every tile can be reached by the arrow keys', (t) => {
  const rows = Array.from({ length: 250 }, (_, i) => row(`coin-${i}`, 1e12 / (i + 1) ** 1.3))
  const tiles = layTiles(rows, BOX, 'root')
  const reached = new Set(tiles.slice(0, 1))
  for (const tile of reached)
    for (const direction of ['left', 'right', 'up', 'down'] as const) {
      const next = neighbourOf(tiles, tile, direction)
      if (next !== null) reached.add(next)
    }
  t.equal(reached.size, 250)
  t.end()
})

t.test('heat has the sign of the opinion and grows with it up to its strongest', (t) => {
  t.equal(heatOf(50), 0)
  t.equal(heatOf(0), -1)
  t.equal(heatOf(100), 1)
  t.ok(heatOf(45) < 0 && heatOf(30) < heatOf(45))
  t.equal(heatOf(60), -heatOf(40))
  t.end()
})

t.test('a tile shows as much as it has room for', (t) => {
  t.equal(roomOf({ width: 300, height: 200 }, 'BTC').shows, 'all')
  t.equal(roomOf({ width: 50, height: 40 }, 'BTC').shows, 'both')
  t.equal(roomOf({ width: 46, height: 20 }, 'BTC').shows, 'symbol')
  t.equal(roomOf({ width: 18, height: 12 }, 'BTC').shows, 'none')
  t.equal(
    roomOf({ width: 60, height: 60 }, 'AVERYLONGSYMBOLINDEED').shows,
    'score',
    'the score where the symbol is too long',
  )
  t.end()
})

function row(coinId: string, marketCapUsd: number | null): MarketRow {
  return {
    coinId,
    symbol: coinId,
    name: coinId,
    rank: null,
    priceUsd: 1,
    marketCapUsd,
    volumeUsd24h: null,
    changePct: { '1h': null, '24h': null, '7d': null, '30d': null },
    shape7d: null,
    source: 'test',
    observedAt: '2026-01-01T00:00:00.000Z',
    signals: null,
  }
}

function isWithin({ x, y, width, height }: Tile): boolean {
  return x >= 0 && y >= 0 && x + width <= BOX.width && y + height <= BOX.height
}

function isApart(a: Tile, b: Tile): boolean {
  return a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y
}
