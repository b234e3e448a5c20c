import { Command } from 'commander'
import { type Act, type Context, sourceNote } from '../context.ts'
import { whole } from '../options.ts'
import { signalLines } from '../signal-lines.ts'
import { clean } from '../terminal/text.ts'

export const searchCommand = (act: Act): Command =>
  new Command('search')
    .description('coins whose id, symbol or name contains a text, the best match first; exit code 1 if there are none')
    .argument('<text>', 'what to look for; case does not matter')
    .option('-n, --limit <count>', 'how many, 1 to 50', whole(1, 50), 20)
    .action(act(search))

async function search(context: Context, text: string, { limit }: { limit: number }): Promise<number> {
  const { client, json, paint, err, print, printJson } = context
  const answer = await client.signals.search(text, { limit, sort: 'match' })
  const { data, meta } = answer
  if (json) printJson(answer)
  else if (data.length > 0) print(...sourceNote(meta.source, paint), ...signalLines(data, context))
  else err.write(`crypto-signals: no scored coin has "${clean(text)}" in its id, symbol or name\n`)
  return data.length > 0 ? 0 : 1
}
