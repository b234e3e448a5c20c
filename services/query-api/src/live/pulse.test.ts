import t from 'tap'
import { createPulse } from './pulse.ts'

t.test('is silent when a ping is not answered within 10 s', async (t) => {
  const pings: string[] = []
  const pulse = createPulse((mark) => pings.push(mark))
  t.notOk(pulse.isSilentAt(1e9), 'nothing was asked')
  pulse.beat(1_000)
  t.notOk(pulse.isSilentAt(10_999))
  t.ok(pulse.isSilentAt(11_000))
  pulse.beat(11_000)
  t.strictSame(pings, ['1'], 'and is not asked again')
  for (const other of ['', '0', '2']) pulse.answered(other)
  t.ok(pulse.isSilentAt(11_000), 'what answers another ping, or none, is no answer')
  pulse.answered('1')
  t.notOk(pulse.isSilentAt(1e9))
  pulse.beat(20_000)
  t.strictSame(pings, ['1', '2'])
})

t.test(
  'gives the time that what was sent before takes at 50 kB/s, and none for what was read or came after',
  async (t) => {
    const pulse = createPulse(() => undefined)
    pulse.sent(1_000_000)
    pulse.beat(0)
    pulse.sent(5_000_000)
    t.notOk(pulse.isSilentAt(29_999))
    t.ok(pulse.isSilentAt(30_000))
    pulse.answered('1')
    pulse.beat(40_000)
    t.ok(pulse.isSilentAt(150_000), 'what came after the last ping is before this one')
    t.notOk(pulse.isSilentAt(149_999))
    pulse.answered('2')
    pulse.beat(150_000)
    t.ok(pulse.isSilentAt(160_000))
  },
)
