// Adds to each line "version sender hex" of the input what mqtt-packet makes of the bytes when it
// parses and generates them. See README.md beside this file.
const mqtt = require('mqtt-packet')
const readline = require('readline')

const LEVELS = { V3_1: 3, V3_1_1: 4, V5: 5 }

// It keeps User Properties in an object, by name: their order is lost.
function losesOrder (properties) {
  const user = properties?.userProperties ?? {}
  return Object.values(user).flat().length > 1
}

readline.createInterface({ input: process.stdin }).on('line', (line) => {
  const [version, sender, hex] = line.split(' ')
  const options = { protocolVersion: LEVELS[version] }
  const parser = mqtt.parser(options)
  parser.on('packet', (packet) => {
    if (losesOrder(packet.properties) || losesOrder(packet.will?.properties)) {
      return
    }
    console.log(`${version} ${sender} ${hex} ${mqtt.generate(packet, options).toString('hex')}`)
  })
  parser.on('error', (error) => {
    console.error(`${error.message}: ${line}`)
  })
  try {
    parser.parse(Buffer.from(hex, 'hex'))
  } catch (error) {
    console.error(`${error.message}: ${line}`)
  }
})
