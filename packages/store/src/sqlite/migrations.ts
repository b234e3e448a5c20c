import type { DatabaseSync } from 'node:sqlite'
import { transaction } from './transaction.ts'

/** Of a quote that had one source for everything. */
const ORIGIN = `json_object('source', doc ->> '$.source', 'observedAt', doc ->> '$.observedAt')`

/** The origin of a part of a quote; null where none of its values is known. */
function originIf(...values: string[]): string {
  const known = values.map((value) => `doc ->> '$.${value}' IS NOT NULL`).join(' OR ')
  return `iif(${known}, ${ORIGIN}, NULL)`
}

/** "CSig" in the header of the file: it is ours. */
export const APPLICATION_ID = 0x43536967

/** The steps from an empty file to today's tables, in order. One that has been released is never changed again. */
export const MIGRATIONS: readonly string[] = [
  `
  PRAGMA application_id = ${APPLICATION_ID};

  CREATE TABLE quotes (
    coin_id TEXT NOT NULL PRIMARY KEY,
    observed_at TEXT NOT NULL,
    received_at TEXT NOT NULL,
    doc TEXT NOT NULL,
    sparkline BLOB
  ) STRICT;

  CREATE TABLE signals (
    coin_id TEXT NOT NULL PRIMARY KEY,
    observed_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    doc TEXT NOT NULL
  ) STRICT;

  CREATE TABLE statuses (source TEXT NOT NULL PRIMARY KEY, doc TEXT NOT NULL) STRICT;
  CREATE TABLE sweeps (source TEXT NOT NULL PRIMARY KEY, doc TEXT NOT NULL) STRICT;
  CREATE TABLE universes (source TEXT NOT NULL PRIMARY KEY, listed_at TEXT NOT NULL, doc TEXT NOT NULL) STRICT;

  CREATE TABLE alerts (
    alert_id TEXT NOT NULL PRIMARY KEY,
    coin_id TEXT NOT NULL,
    created_at TEXT NOT NULL,
    version INTEGER NOT NULL,
    doc TEXT NOT NULL
  ) STRICT;
  CREATE INDEX alerts_by_age ON alerts (created_at, alert_id);
  CREATE INDEX alerts_by_coin ON alerts (coin_id, created_at, alert_id);

  CREATE TABLE triggers (
    trigger_id TEXT NOT NULL PRIMARY KEY,
    alert_id TEXT NOT NULL,
    sequence INTEGER NOT NULL,
    triggered_at TEXT NOT NULL,
    published INTEGER NOT NULL DEFAULT 0,
    doc TEXT NOT NULL,
    UNIQUE (alert_id, sequence)
  ) STRICT;
  CREATE INDEX triggers_by_age ON triggers (triggered_at, trigger_id);
  CREATE INDEX triggers_by_alert ON triggers (alert_id, triggered_at, trigger_id);
  CREATE INDEX triggers_unpublished ON triggers (triggered_at, sequence, trigger_id) WHERE published = 0;

  CREATE TABLE calls (source TEXT NOT NULL, at REAL NOT NULL) STRICT;
  CREATE INDEX calls_by_age ON calls (source, at);
  CREATE TABLE call_months (
    source TEXT NOT NULL,
    month TEXT NOT NULL,
    calls INTEGER NOT NULL,
    PRIMARY KEY (source, month)
  ) STRICT;
  CREATE TABLE call_blocks (source TEXT NOT NULL PRIMARY KEY, until REAL NOT NULL) STRICT;
  `,
  `CREATE INDEX alerts_watching ON alerts (coin_id, alert_id);`,
  `
  CREATE TABLE bars (
    interval TEXT NOT NULL,
    coin_id TEXT NOT NULL,
    packed BLOB NOT NULL,
    PRIMARY KEY (interval, coin_id)
  ) STRICT;
  CREATE TABLE mappings (mapping TEXT NOT NULL PRIMARY KEY, doc TEXT NOT NULL) STRICT;
  CREATE TABLE indices (name TEXT NOT NULL PRIMARY KEY, doc TEXT NOT NULL) STRICT;

  UPDATE quotes SET doc = json_set(doc, '$.origins', json_object(
    'range', ${originIf('high24hUsd', 'low24hUsd')},
    'volume', ${originIf('volumeUsd24h')},
    'supply', ${originIf('circulatingSupply', 'marketCapUsd', 'marketCapRank')},
    'changes', ${originIf(...['1h', '24h', '7d', '14d', '30d', '200d', '1y'].map((span) => `changePct."${span}"`))},
    'sparkline', iif(sparkline IS NULL, NULL, ${ORIGIN})
  ));
  UPDATE universes SET doc = (
    SELECT json_group_array(json_set(value, '$.platforms', json('{}'))) FROM json_each(universes.doc)
  );
  -- Their form is another one now, and a source writes its status anew as soon as it is asked.
  DELETE FROM statuses;
  `,
  `
  CREATE TABLE scores (
    interval TEXT NOT NULL,
    coin_id TEXT NOT NULL,
    packed BLOB NOT NULL,
    PRIMARY KEY (interval, coin_id)
  ) STRICT;
  `,
]

/** Takes the file through the steps it has not seen, each of them whole or not at all; returns how many those were. */
export function migrate(db: DatabaseSync, migrations = MIGRATIONS): number {
  let steps = 0
  for (const [index, migration] of migrations.entries()) {
    transaction(db, () => {
      // Asked inside the transaction: another process may have been quicker.
      if (schemaVersionOf(db) > index) return
      db.exec(migration)
      db.exec(`PRAGMA user_version = ${index + 1}`)
      steps++
    })
  }
  return steps
}

/** How many steps the file has seen. */
export const schemaVersionOf = (db: DatabaseSync) => Number(db.prepare('PRAGMA user_version').get()?.user_version)
