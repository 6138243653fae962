// plot.js: makes line plots as SVG, without any dependency. They bring their own background and follow prefers-color-scheme, tell series apart by the
// shape of their markers and the dashes of their lines as well as by colour, and have every value in their description.
//
// svg({ title, x: { label, log }, y: { label }, series: [{ name, points: [{ x, y, low, high }], fit: { slope, intercept } }] }) returns the text.
// The y axis begins at 0: what is flat looks flat. low and high (of several passes) become a bar;
// with a fit its straight line is drawn instead of one from point to point.
const WIDTH = 760
const LEFT = 84
const RIGHT = 50
const PLOT_HEIGHT = 300
const LEGEND_ROW = 22
const TITLE_HEIGHT = 44
const BOTTOM = 62

// 4.5:1 and more on their background, and of different lightness
const LIGHT = ['#005a9c', '#b34700', '#00704f', '#8a2f6b']
const DARK = ['#6cb8f0', '#f0a23c', '#3fd0a0', '#e79cc9']
const DASHES = ['', '9 5', '3 4', '12 4 3 4']

const STYLE = `
text { font: 14px system-ui, -apple-system, "Segoe UI", "DejaVu Sans", sans-serif; fill: #1b1f24 }
.title { font-size: 17px; font-weight: 600 }
.background { fill: #ffffff }
.grid { stroke: #d5dae0; stroke-width: 1 }
.axis { stroke: #57606a; stroke-width: 1.5 }
.line { fill: none; stroke-width: 2 }
.bar { fill: none; stroke-width: 1.25 }
${LIGHT.map((colour, i) => `.s${i} { stroke: ${colour} } .m${i} { fill: ${colour} }`).join('\n')}
@media (prefers-color-scheme: dark) {
text { fill: #e6edf3 }
.background { fill: #0d1117 }
.grid { stroke: #30363d }
.axis { stroke: #9198a1 }
${DARK.map((colour, i) => `.s${i} { stroke: ${colour} } .m${i} { fill: ${colour} }`).join('\n')}
}
`

const escape = text => String(text).replace(/[&<>"]/g, c => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[c])
const number = value => value.toLocaleString('en-US', { maximumSignificantDigits: 4 })
const at = value => Number(value.toFixed(1))

/** A step of 1, 2 or 5 times a power of ten, so that at most `count` of them reach `greatest`. */
function step(greatest, count) {
  const power = 10 ** Math.floor(Math.log10(greatest / count))
  return [1, 2, 5, 10].map(factor => factor * power).find(size => greatest / size <= count)
}

function multiples(size, last) {
  return Array.from({ length: Math.round(last / size) + 1 }, (_, i) => i * size)
}

/** The axis of the values from 0 up: where its ticks are, and how far up a value is. */
function valueAxis(series) {
  const greatest = Math.max(...series.flatMap(one => one.points.map(point => point.high ?? point.y)), 1e-9)
  const size = step(greatest * 1.05, 6)
  const top = Math.ceil(greatest * 1.05 / size) * size
  return { ticks: multiples(size, top), place: value => PLOT_HEIGHT * (1 - value / top) }
}

/** The axis of what was varied: by powers of ten, or linear from 0. */
function variedAxis(series, log) {
  const values = series.flatMap(one => one.points.map(point => point.x))
  const last = Math.max(...values)
  const width = WIDTH - LEFT - RIGHT
  if (!log) {
    const size = step(last, 6)
    return { ticks: multiples(size, Math.floor(last / size) * size), place: value => value / last * width }
  }
  const from = Math.log10(Math.min(...values))
  const span = Math.log10(last) - from || 1
  const ticks = []
  for (let power = Math.ceil(from - 1e-9); power <= from + span + 1e-9; power++) ticks.push(10 ** power)
  return { ticks, place: value => (Math.log10(value) - from) / span * width }
}

function marker(i, x, y) {
  const shapes = [
    `<circle cx="${at(x)}" cy="${at(y)}" r="5"`,
    `<rect x="${at(x - 4.5)}" y="${at(y - 4.5)}" width="9" height="9"`,
    `<path d="M${at(x)} ${at(y - 6)}l6 11h-12z"`,
    `<path d="M${at(x)} ${at(y - 6.5)}l6.5 6.5l-6.5 6.5l-6.5 -6.5z"`
  ]
  return `${shapes[i]} class="m${i}"/>`
}

function line(i, points) {
  const path = points.map(([x, y], n) => `${n ? 'L' : 'M'}${at(x)} ${at(y)}`).join('')
  const dashes = DASHES[i] && ` stroke-dasharray="${DASHES[i]}"`
  return `<path d="${path}" class="line s${i}"${dashes}/>`
}

function drawn(one, i, x, y) {
  const parts = []
  if (one.fit) {
    const ends = [0, Math.max(...one.points.map(point => point.x))]
    parts.push(line(i, ends.map(end => [x(end), y(one.fit.intercept + one.fit.slope * end)])))
  } else {
    parts.push(line(i, one.points.map(point => [x(point.x), y(point.y)])))
  }
  for (const point of one.points) {
    const [across, up] = [x(point.x), y(point.y)]
    if (point.high > point.low) {
      parts.push(`<path d="M${at(across - 4)} ${at(y(point.low))}h8m-4 0V${at(y(point.high))}m-4 0h8" class="bar s${i}"/>`)
    }
    parts.push(marker(i, across, up))
  }
  return parts.join('\n')
}

function description({ x, y, series }) {
  return `${y.label} against ${x.label}. ` + series.map(one =>
    `${one.name}: ${one.points.map(point => `${number(point.y)} at ${number(point.x)}`).join(', ')}.`).join(' ')
}

function svg(plot) {
  const { title, x, y, series } = plot
  if (series.length > LIGHT.length) throw new Error(`${series.length} lines in one plot; ${LIGHT.length} can be told apart`)
  const top = TITLE_HEIGHT + series.length * LEGEND_ROW + 14
  const height = top + PLOT_HEIGHT + BOTTOM
  const [varied, value] = [variedAxis(series, x.log), valueAxis(series)]
  const right = WIDTH - LEFT - RIGHT
  const legend = series.map((one, i) => {
    const middle = TITLE_HEIGHT + i * LEGEND_ROW + 8
    return `${line(i, [[LEFT, middle], [LEFT + 44, middle]])}\n${marker(i, LEFT + 22, middle)}\n<text x="${LEFT + 56}" y="${middle + 5}">${escape(one.name)}</text>`
  })
  const rows = value.ticks.map(tick =>
    `<path d="M0 ${at(value.place(tick))}H${right}" class="grid"/>\n<text x="-10" y="${at(value.place(tick) + 5)}" text-anchor="end">${number(tick)}</text>`)
  const columns = varied.ticks.map(tick =>
    `<path d="M${at(varied.place(tick))} ${PLOT_HEIGHT}v6" class="axis"/>\n<text x="${at(varied.place(tick))}" y="${PLOT_HEIGHT + 23}" text-anchor="middle">${number(tick)}</text>`)
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-labelledby="title description">
<title id="title">${escape(title)}</title>
<desc id="description">${escape(description(plot))}</desc>
<style>${STYLE}</style>
<rect width="${WIDTH}" height="${height}" class="background"/>
<text x="${LEFT}" y="27" class="title">${escape(title)}</text>
${legend.join('\n')}
<g transform="translate(${LEFT} ${top})">
${rows.join('\n')}
${columns.join('\n')}
<path d="M0 0V${PLOT_HEIGHT}H${right}" fill="none" class="axis"/>
${series.map((one, i) => drawn(one, i, varied.place, value.place)).join('\n')}
<text x="${right / 2}" y="${PLOT_HEIGHT + 48}" text-anchor="middle">${escape(x.label)}</text>
<text transform="translate(-62 ${PLOT_HEIGHT / 2}) rotate(-90)" text-anchor="middle">${escape(y.label)}</text>
</g>
</svg>
`
}

module.exports = { svg }
