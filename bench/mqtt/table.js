// table.js FILE...: the medians of what compare.sh has written, as a Markdown table. The first peer is what the others are divided by.
const fs = require('node:fs')
const rows = process.argv.slice(2).flatMap(file => fs.readFileSync(file, 'utf8').split('\n').filter(Boolean).map(JSON.parse))
const unique = key => [...new Set(rows.map(row => row[key]))]
const sorted = (list, key) => list.map(row => row[key]).sort((a, b) => a - b)
const median = list => list.length === 0 ? NaN : list.length % 2 ? list[(list.length - 1) / 2] : (list[list.length / 2 - 1] + list[list.length / 2]) / 2
const whole = value => Math.round(value).toLocaleString('en-US')

console.log('| workload | broker | deliveries per second of broker CPU: median (least to most) | ratio | deliveries per second | ratio | lost, doubled, out of order |')
console.log('|---|---|---|---|---|---|---|')
for (const over of unique('over')) {
  for (const name of unique('case')) {
    let base
    for (const peer of unique('peer')) {
      const mine = rows.filter(row => row.over === over && row.case === name && row.peer === peer)
      const good = mine.filter(row => !row.error)
      if (mine.length === 0) continue
      const perCpu = sorted(good, 'per_broker_cpu_s')
      const rate = median(sorted(good, 'rate'))
      base ??= { cpu: median(perCpu), rate }
      const wrong = ['lost', 'dup', 'out_of_order'].map(key => good.reduce((sum, row) => sum + (row[key] ?? 0), 0)).join(', ')
      console.log(`| ${name} ${over} | ${peer} | ${whole(median(perCpu))} (${whole(perCpu[0])} to ${whole(perCpu.at(-1))}) ` +
        `| ${(median(perCpu) / base.cpu).toFixed(1)} | ${whole(rate)} | ${(rate / base.rate).toFixed(1)} ` +
        `| ${wrong}${mine.length > good.length ? `; ${mine.length - good.length} runs failed: ${mine.find(row => row.error).error}` : ''} |`)
    }
  }
}
