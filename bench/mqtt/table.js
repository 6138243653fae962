// table.js FILE...: the medians of what compare.sh has written, as a Markdown table; with more than two peers each has a column. The first peer is
// what the others are divided by.
const fs = require('node:fs')

// What counts for a workload: [key or function of a row, words]. A ratio above 1 is always the better one.
const perCpu = ['per_broker_cpu_s', 'deliveries per second of broker CPU']
const delivered = ['rate', 'deliveries per second']
const slower = (key, words) => [key, words, { less: true }]
const heap = row => row.hook_after > 0 ? (row.hook_after - row.hook_before) / row.connected : NaN
const figures = {
  w5: [['rate', 'connects per second'], ['per_broker_cpu_s', 'connects per second of broker CPU'], slower(heap, 'bytes of live heap for a connection'),
    slower('rss_bytes_per_conn', 'resident bytes for a connection')],
  w6: [slower('lat_p50_us', 'latency p50, µs'), slower('lat_p99_us', 'latency p99, µs'), slower('lat_p999_us', 'latency p99.9, µs')],
  w7: [['enqueue_rate', 'enqueued per second'], ['rate', 'drained per second']],
  w8: [['subscribe_rate', 'subscriptions per second'], perCpu, delivered],
  w9: [['store_rate', 'stored per second'], ['deliver_per_broker_cpu_s', 'delivered per second of broker CPU'], ['rate', 'delivered per second'],
    slower('lookup_p50_us', 'look-up p50, µs')],
}

const rows = process.argv.slice(2).flatMap(file => fs.readFileSync(file, 'utf8').split('\n').filter(Boolean).map(JSON.parse))
const unique = key => [...new Set(rows.map(row => row[key]))]
const median = list => list.length % 2 ? list[(list.length - 1) / 2] : (list[list.length / 2 - 1] + list[list.length / 2]) / 2
const whole = value => Math.round(value).toLocaleString('en-US')
const sum = (list, key) => list.reduce((total, row) => total + (row[key] ?? 0), 0)

const peers = unique('peer')

// What one peer did of a workload, by one figure.
const measured = (over, name, key, peer) => {
  const mine = rows.filter(row => row.over === over && row.case === name && row.peer === peer)
  const good = mine.filter(row => !row.error)
  const values = good.map(row => typeof key === 'function' ? key(row) : row[key]).filter(Number.isFinite).sort((a, b) => a - b)
  const failed = mine.length > good.length ? `; ${mine.length - good.length} runs failed: ${mine.find(row => row.error).error}` : ''
  const left = good.some(row => row.cleared < row.retained) ? '; not all that was retained could be cleared' : ''
  return { mine, good, values, wrong: `${sum(good, 'lost')}, ${sum(good, 'dup')}, ${sum(good, 'out_of_order')}${failed}${left}` }
}
const ratio = (middle, base, less) => (less ? base / middle : middle / base).toFixed((less ? base / middle : middle / base) < 0.095 ? 2 : 1)
const cases = unique('over').flatMap(over => unique('case').flatMap(name => (figures[name] ?? [perCpu, delivered])
  .map(([key, words, { less = false } = {}]) => ({ over, name, key, words, less }))))

// A row for each broker, with the range of what was measured.
function long() {
  console.log('| workload | figure | broker | median (least to most) | ratio | lost, doubled, out of order |')
  console.log('|---|---|---|---|---|---|')
  for (const { over, name, key, words, less } of cases) {
    let base
    for (const peer of peers) {
      const { mine, good, values, wrong } = measured(over, name, key, peer)
      if (mine.length === 0 || (values.length === 0 && good.length > 0)) continue
      if (values.length === 0) {
        console.log(`| ${name} ${over} | ${words} | ${peer} | | | ${wrong} |`)
        continue
      }
      const middle = median(values)
      if (peer === peers[0]) base = middle
      console.log(`| ${name} ${over} | ${words} | ${peer} | ${whole(middle)} (${whole(values[0])} to ${whole(values.at(-1))}) | ${base ? ratio(middle, base, less) : ''} | ${wrong} |`)
    }
  }
}

// A column for each broker: the median, and how it compares with the first; what went wrong stands below.
function wide() {
  console.log(`| workload | figure | ${peers.join(' | ')} |`)
  console.log(`|---|---|${'---|'.repeat(peers.length)}`)
  const notes = new Set()
  for (const { over, name, key, words, less } of cases) {
    let base
    const cells = peers.map(peer => {
      const { mine, values, wrong } = measured(over, name, key, peer)
      if (mine.length > 0 && wrong !== '0, 0, 0') notes.add(`${name} ${over}, ${peer}: lost, doubled, out of order: ${wrong}`)
      if (values.length === 0) return ''
      const middle = median(values)
      if (peer === peers[0]) base = middle
      return base ? `${whole(middle)} (${ratio(middle, base, less)})` : whole(middle)
    })
    if (cells.some(Boolean)) console.log(`| ${name} ${over} | ${words} | ${cells.join(' | ')} |`)
  }
  console.log(`\n${notes.size > 0 ? [...notes].map(note => `* ${note}`).join('\n') : 'Nothing was lost, doubled or out of order.'}`)
}

if (peers.length > 2) wide()
else long()
