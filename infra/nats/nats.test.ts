import { globSync } from 'node:fs'
import { connect } from 'node:net'
import { basename } from 'node:path'
import t from 'tap'
import { type Bus, type Consumer, openBus, replayDeadLetters } from '../../packages/bus/src/index.ts'
import { systemClock } from '../../packages/clock/src/index.ts'
import { EVENT_NAMES, EVENTS, type EventName, type EventOf } from '../../packages/contracts/src/index.ts'
import {
  alertOf,
  captureLog,
  NATS_SERVER_MISSING,
  quoteOf,
  scoredCoinOf,
  until,
} from '../../packages/testing/src/index.ts'
import { composeWith, generatedVariables, ROOT, read, serviceOf } from '../test/compose.ts'
import { startNats } from '../test/nats.ts'

const SERVICES = ['ingestion', 'scoring', 'query-api', 'alerting', 'gateway']
const REFUSED = /permissions violation/i

const compose = composeWith({
  ...generatedVariables(),
  // As bad as a generated one can be: without its quotes NATS takes the first for a number and the second for a size.
  NATS_SCORING_PASSWORD: '123456789012',
  NATS_INGESTION_PASSWORD: '1024k',
})
const { log, lines } = captureLog()
const server = await startNats(compose)

t.test('NATS with the configuration of the containers', { skip: server === null && NATS_SERVER_MISSING }, async (t) => {
  t.after(() => server?.[Symbol.asyncDispose]())

  t.test('refuses whoever has no account, a wrong password or the password of another', async (t) => {
    const { username, password, host } = new URL(urlOf('scoring'))
    for (const who of ['', 'scoring:wrong@', `alerting:${password}@`, `${username}:@`, `nobody:${password}@`]) {
      await t.rejects(openAt(`nats://${who}${host}`), { message: 'NATS refuses the credentials in NATS_URL' }, who)
    }
  })

  t.test('lets a gateway that comes first wait for those who may make the streams', async (t) => {
    const gateway = open('gateway')
    await until(() => refusals().length > 0)
    await using _ingestion = await open('ingestion')
    await using bus = await gateway
    await t.resolves(bus.ping())
  })

  for (const namespace of [undefined, 'simulated']) {
    const data = `${namespace ?? 'real'} data`

    t.test(`lets each service publish and consume what is its own: ${data}`, async (t) => {
      refusals()
      const buses: Record<string, Bus> = {}
      for (const who of SERVICES) buses[who] = await open(who, namespace)
      const seen: string[] = []
      const expected: string[] = []
      for (const { who, name, consumer } of consumptions()) {
        await buses[who]?.consume(name, consumer, async ({ id }) => void seen.push(`${who} ${name} ${id}`))
        expected.push(`${who} ${name} of-${publisherOf(name)}`)
      }
      for (const who of SERVICES) {
        for (const name of publishedBy(who)) await buses[who]?.publish(name, eventOf(name, `of-${who}`))
      }
      await until(() => seen.length >= expected.length)
      t.strictSame(seen.toSorted(), expected.toSorted())
      for (const bus of Object.values(buses)) await bus[Symbol.asyncDispose]()
      t.strictSame(refusals(), [], 'nothing that a service needs is refused')
    })

    t.test(`refuses each service what is not its own: ${data}`, async (t) => {
      for (const who of SERVICES) {
        await using bus = await open(who, namespace)
        const consumed = consumptions().flatMap((one) => (one.who === who ? one.name : []))
        for (const name of EVENT_NAMES) {
          const consumption = () => bus.consume(name, { group: who, delivery: 'shared' }, async () => {})
          if (!publishedBy(who).includes(name))
            await t.rejects(bus.publish(name, eventOf(name, 'forged')), REFUSED, `${who} publishes ${name}`)
          if (!consumed.includes(name)) await t.rejects(consumption(), REFUSED, `${who} consumes ${name}`)
        }
      }
    })
  }

  t.test('refuses every service what none needs', async (t) => {
    const forbidden = [
      'SUB market.> 1',
      'SUB _INBOX.> 1',
      'SUB _INBOX_admin.> 1',
      'SUB > 1',
      'SUB $JS.ACK.> 1',
      'SUB $SYS.> 1',
      ...['STREAM.DELETE.MARKET', 'STREAM.PURGE.SIGNALS', 'STREAM.MSG.DELETE.DEAD', 'STREAM.SNAPSHOT.ALERTS'].map(pub),
      ...['CONSUMER.CREATE.DEAD.x', 'CONSUMER.MSG.NEXT.DEAD.x', 'CONSUMER.DELETE.DEAD.x', 'META.LEADER.STEPDOWN'].map(
        pub,
      ),
      'PUB dead.admin.quotes 0\r\n',
      'PUB anything 0\r\n',
    ]
    for (const who of SERVICES) {
      for (const request of forbidden)
        t.match(await answerTo(who, request), /^-ERR 'Permissions Violation/m, `${who} ${request}`)
      for (const other of SERVICES) {
        const listening = await answerTo(who, `SUB _INBOX_${other}.> 1`)
        t.equal(listening.includes('-ERR'), other !== who, `${who} hears the answers to ${other}`)
      }
      for (const stream of ['MARKET', 'SIGNALS', 'ALERTS']) {
        const changing = await answerTo(who, pub(`STREAM.UPDATE.${stream}`))
        t.equal(changing.includes('-ERR'), keeperOf(stream) !== who, `${who} changes ${stream}`)
      }
    }
  })

  t.test('keeps the dead letters of every consumer, and lets people replay them', async (t) => {
    refusals()
    for (const { who, name, consumer } of consumptions()) {
      await using bus = await open(who)
      await using publisher = await open(publisherOf(name))
      await bus.consume(name, consumer, async () => {})
      const poison = { ...eventOf(name, `poison-for-${who}`), extra: true }
      await publisher.publish(name, poison)
      await until(() => JSON.stringify(bus.deadLetters()).includes(poison.id))
    }
    const { password } = credentials('admin')
    const { replayed } = await replayDeadLetters(`nats://admin:${password}@${new URL(urlOf('scoring')).host}`)
    t.ok(replayed >= consumptions().length, `${replayed} replayed`)
    t.strictSame(refusals(), [])
  })
})

t.test('what each service may say is what the README of the bus tells', async (t) => {
  const config = read('infra/nats/nats.conf')
  const table = read('packages/bus/README.md')
  const told = (who: string) => {
    const row = new RegExp(`^\\| ${who} \\|(.*)\\|$`, 'm').exec(table)?.[1] ?? ''
    return [...row.matchAll(/`([^`]+)`/g)].map(([, subject = '']) => subject)
  }
  const [info = '', ...manage] = told('each of them')
  for (const who of SERVICES) {
    const own = told(who).flatMap((subject) => [subject, simulated(subject)])
    const [, said = ''] = new RegExp(`user: ${who}$.*?publish: \\[(.*?)\\]`, 'ms').exec(config) ?? []
    t.strictSame(
      [...said.matchAll(/"([^"]+)"/g)].map(([, subject = '']) => subject).toSorted(),
      [
        info,
        ...(who === 'gateway' ? [] : manage.flatMap((subject) => [subject, simulated(subject)])),
        ...own,
      ].toSorted(),
      who,
    )
  }
})

/** The same for an invented market, in the words of the README. */
function simulated(subject: string): string {
  if (!subject.startsWith('$')) return `simulated.${subject}`
  if (subject.startsWith('$JS.API.STREAM.')) return subject.replace(/\w+$/, 'SIMULATED_$&')
  return subject.replace(
    /\.(MARKET|SIGNALS|ALERTS)\.(\*\.(?!$))?/,
    (_, stream, before = '') => `.SIMULATED_${stream}.${before && `${before}simulated.`}`,
  )
}

const pub = (subject: string) => `PUB $JS.API.${subject} 0\r\n`

function urlOf(who: string): string {
  return (serviceOf(compose, who).environment?.NATS_URL ?? '').replace(
    '@nats:4222',
    `@${new URL(server?.url ?? '').host}`,
  )
}

function openAt(url: string, namespace?: string): Promise<Bus> {
  return openBus({ url, namespace, clock: systemClock, log })
}

function open(who: string, namespace?: string): Promise<Bus> {
  return openAt(urlOf(who), namespace)
}

/** What NATS refused since the last look, as the log tells it. */
function refusals() {
  return lines.splice(0).filter(({ msg }) => msg === 'NATS refused something')
}

/** What the server says to one line of its own protocol. */
function answerTo(who: string, request: string): Promise<string> {
  const { hostname, port } = new URL(urlOf(who))
  const { user, password } = credentials(who)
  const options = JSON.stringify({ verbose: false, lang: 'test', version: '1', protocol: 1, user, pass: password })
  return new Promise((resolve, reject) => {
    let said = ''
    const socket = connect(Number(port), hostname, () => socket.write(`CONNECT ${options}\r\n${request}\r\nPING\r\n`))
    socket.on('error', reject).on('data', (chunk) => {
      said += String(chunk)
      if (!said.includes('PONG')) return
      socket.destroy()
      resolve(said)
    })
  })
}

function credentials(user: string) {
  const variable = `${user.toUpperCase().replace('-', '_')}_PASSWORD`
  return { user, password: serviceOf(compose, 'nats').environment?.[variable]?.slice(1, -1) ?? '' }
}

/** By the house rule the files under `publishes/` and `consumes/` are the events. */
function eventsIn(folder: string): EventName[] {
  const files = globSync(`${folder}/*.ts`, { cwd: ROOT }).map((file) => basename(file, '.ts'))
  return EVENT_NAMES.filter((name) => files.includes(name))
}

function publishedBy(who: string): EventName[] {
  return eventsIn(`services/${who}/src/publishes`)
}

/** The one service that may change a stream: who publishes the first of its events in the catalogue, the bulk of it. */
function keeperOf(stream: string): string {
  const first = EVENT_NAMES.find((name) => EVENTS[name].wildcard.startsWith(`${stream.toLowerCase()}.`))
  return first === undefined ? '' : publisherOf(first)
}

function publisherOf(name: EventName): string {
  return SERVICES.find((who) => publishedBy(who).includes(name)) ?? ''
}

function consumptions(): { who: string; name: EventName; consumer: Consumer }[] {
  return SERVICES.flatMap((who) =>
    eventsIn(`services/${who}/src/consumes`).map((name) => {
      const source = read(`services/${who}/src/consumes/${name}.ts`)
      const [, group = '', delivery] = /group: '([\w-]+)', delivery: '(shared|each)'/.exec(source) ?? []
      return { who, name, consumer: { group, delivery: delivery as Consumer['delivery'] } }
    }),
  )
}

function eventOf<N extends EventName>(name: N, id: string): EventOf<N> {
  const observedAt = '2026-01-01T00:00:00.000Z'
  const events: { [M in EventName]: EventOf<M> } = {
    quotes: { id, partition: 3, rows: [quoteOf()] },
    interest: { id, coinIds: ['bitcoin'] },
    signals: { id, partition: 3, rows: [scoredCoinOf()] },
    'alert-changes': { id, change: 'created', alert: alertOf() },
    alerts: {
      id,
      trigger: {
        triggerId: alertOf().alertId,
        alertId: alertOf().alertId,
        sequence: 1,
        coinId: 'bitcoin',
        alertType: 'price_above',
        settings: { threshold: 1 },
        isTriggered: true,
        triggeredAt: observedAt,
        evidence: { price: 1, score: 1, observedAt },
      },
    },
  }
  return events[name]
}
