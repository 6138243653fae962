// report.js RAW FOLDER: the medians of what scale.sh has written, as Markdown, and the plots of them, scale-*.svg, into FOLDER. docs/performance.md has its output.
// What was not measured has neither table nor plot.
const fs = require('node:fs')
const path = require('node:path')
const { svg } = require('./plot.js')

const MIB = 1048576
const [raw, folder] = process.argv.slice(2)
const lines = fs.readFileSync(raw, 'utf8').split('\n').filter(Boolean).map(JSON.parse)

const whole = value => Math.round(value).toLocaleString('en-US')
const short = value => value.toLocaleString('en-US', { maximumSignificantDigits: 3 })
const microseconds = line => 1e6 / line.per_broker_cpu_s
const live = line => line.hook_after
const outside = line => line.rss_after_kb * 1024 - line.heap_bytes

function median(values) {
  const sorted = values.toSorted((a, b) => a - b)
  return (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2
}

/** What was measured in one series: for each size the median of its passes, the least and the most. */
function points(series, figure) {
  const good = lines.filter(line => line.series === series && !line.error && Number.isFinite(figure(line)))
  return [...new Set(good.map(line => line.at))].sort((a, b) => a - b).map(x => {
    const values = good.filter(line => line.at === x).map(figure)
    return { x, y: median(values), low: Math.min(...values), high: Math.max(...values) }
  })
}

/** The straight line with the least squares, and the share of the variance that it explains. */
function fit(list) {
  const mean = key => list.reduce((sum, point) => sum + point[key], 0) / list.length
  const [x, y] = [mean('x'), mean('y')]
  const slope = list.reduce((sum, point) => sum + (point.x - x) * (point.y - y), 0) / list.reduce((sum, point) => sum + (point.x - x) ** 2, 0)
  const intercept = y - slope * x
  const rest = list.reduce((sum, point) => sum + (point.y - intercept - slope * point.x) ** 2, 0)
  return { slope, intercept, explained: 1 - rest / list.reduce((sum, point) => sum + (point.y - y) ** 2, 0) }
}

function table(head, rows) {
  console.log(`\n| ${head.join(' | ')} |\n|${'---|'.repeat(head.length)}`)
  for (const row of rows) console.log(`| ${row.join(' | ')} |`)
}

function draw(name, plot) {
  fs.writeFileSync(path.join(folder, name), svg(plot))
  console.log(`\n![${plot.title}; the values are in the table above](${path.basename(folder)}/${name})`)
}

/** CPU for one delivered message against the size of something: a row for each size, a column for each series. */
function cost(file, title, label, named) {
  const series = named.map(([key, name]) => ({ key, name, points: points(key, microseconds) })).filter(one => one.points.length > 0)
  if (series.length === 0) return
  const sizes = [...new Set(series.flatMap(one => one.points.map(point => point.x)))].sort((a, b) => a - b)
  console.log('\nMicroseconds of broker CPU for a delivered message, median (least to most):')
  table([label, ...series.map(one => one.name)], sizes.map(x => [whole(x), ...series.map(one => {
    const point = one.points.find(other => other.x === x)
    return point ? `${short(point.y)} (${short(point.low)} to ${short(point.high)})` : ''
  })]))
  console.log()
  for (const one of series) {
    const [first, last] = [one.points[0], one.points.at(-1)]
    console.log(`* ${one.name}: with ${whole(last.x)} ${(last.y / first.y).toFixed(2)} times as much as with ${whole(first.x)}`)
  }
  draw(file, { title, x: { label: `${label} (logarithmic)`, log: true }, y: { label: 'broker CPU, µs a delivered message' }, series })
}

/** Memory against the number of something, with the slopes: a row for each number, a column for each series. */
function memory(file, title, label, one, named) {
  const series = named.map(([key, name, figure]) => ({ name, points: points(key, figure) })).filter(part => part.points.length > 1)
  if (series.length === 0) return
  for (const part of series) part.fit = fit(part.points)
  const sizes = [...new Set(series.flatMap(part => part.points.map(point => point.x)))].sort((a, b) => a - b)
  table([label, ...series.map(part => `${part.name}, MiB`)], [
    ...sizes.map(x => [whole(x), ...series.map(part => {
      const point = part.points.find(other => other.x === x)
      return point ? (point.y / MIB).toFixed(1) : ''
    })]),
    [`slope, bytes ${one}`, ...series.map(part => whole(part.fit.slope))],
    ['variance explained by the line', ...series.map(part => `${(100 * part.fit.explained).toFixed(2)} %`)]
  ])
  draw(file, {
    title,
    x: { label },
    y: { label: 'MiB' },
    series: series.map(part => ({
      name: `${part.name}: ${whole(part.fit.slope)} bytes ${one}`,
      points: part.points.map(point => ({ x: point.x, y: point.y / MIB, low: point.low / MIB, high: point.high / MIB })),
      fit: { slope: part.fit.slope / MIB, intercept: part.fit.intercept / MIB }
    }))
  })
}

cost('scale-connections.svg', 'CPU for a message by the number of connections', 'connections', [
  ['few', 'five pairs at a fixed rate, the others idle'],
  ['all', 'all in pairs, the same rate in all'],
  ['closed', 'all in pairs, as fast as they can']
])
cost('scale-subscriptions.svg', 'CPU for a message by the number of subscriptions', 'subscriptions', [
  ['kept', '1,000 topics: the match of each is kept'],
  ['search', 'topics that are always new, below 150 of the filters: searched for'],
  ['spread', 'topics that are always new, below any filter that ends in #: searched for']
])
memory('scale-memory.svg', 'Memory by the number of idle connections', 'idle connections', 'a connection', [
  ['tcp', 'live heap, TCP', live],
  ['tcp', 'outside of the heap, TCP', outside],
  ['tls', 'live heap, TLS', live],
  ['tls', 'outside of the heap, TLS', outside]
])
memory('scale-subscription-memory.svg', 'Memory by the number of subscriptions', 'subscriptions', 'a subscription', [['spread', 'live heap', live]])

const seconds = [...new Set(lines.map(line => line.seconds_each))].join(', ')
const passes = Math.max(...lines.map(line => line.pass))
console.log(`\nEach point of CPU: ${seconds} s, ${passes} ${passes === 1 ? 'pass' : 'passes'}; heap ${whole(lines[0].heap_bytes / MIB)} MiB.`)
const wrong = ['lost', 'dup', 'out_of_order', 'closed_by_broker', 'subscribe_refused', 'failed'].map(key => [key, lines.reduce((sum, line) => sum + (line[key] ?? 0), 0)])
console.log(`Of ${lines.length} runs: ${wrong.map(([key, count]) => `${key} ${count}`).join(', ')}.`)
for (const line of lines.filter(one => one.error || one.timeout || one.note)) {
  console.log(`* ${line.series}, ${whole(line.at)}: ${[line.error, line.timeout, line.note].filter(Boolean).join('; ')}`)
}
if (lines.some(line => line.error)) process.exitCode = 1
