// mqtt.js, told by one argument in JSON what to do: publish a message and end, or subscribe with QoS 2 and print what
// arrives. ScriptedClient writes the argument, ClientProgram reads the lines.
'use strict'

const fs = require('node:fs')
const mqtt = require('mqtt')

const task = JSON.parse(process.argv[2])
const schemes = { TCP: 'mqtt', TLS: 'mqtts', WSS: 'wss' }
const path = task.transport === 'WSS' ? '/mqtt' : ''

const options = {
  protocolVersion: task.level,
  protocolId: task.level === 3 ? 'MQIsdp' : 'MQTT',
  clientId: task.clientId ?? `p${process.pid}`,
  clean: !task.kept,
  reconnectPeriod: 0,
}
if (task.kept && task.level === 5) options.properties = { sessionExpiryInterval: task.expiry }
if (task.will) options.will = task.will
if (task.transport !== 'TCP') {
  for (const file of ['ca', 'cert', 'key']) options[file] = fs.readFileSync(task[file])
}

function fail(error) {
  console.log(`failed ${error}`)
  process.exit(1)
}

const client = mqtt.connect(`${schemes[task.transport]}://localhost:${task.port}${path}`, options)
client.on('error', fail)
client.on('close', () => client.disconnecting || fail('closed'))
client.on('message', (topic, payload, packet) =>
  console.log(`message ${packet.qos} ${packet.retain ? 1 : 0} ${topic} ${payload}`))
client.on('connect', () => {
  if (task.publish) {
    const { topic, payload, qos, retain } = task.publish
    client.publish(topic, payload, { qos, retain }, (error) => (error ? fail(error) : client.end()))
  } else {
    client.subscribe(task.subscribe, { qos: 2 }, (error) => (error ? fail(error) : console.log('Subscribed')))
  }
})
process.on('SIGTERM', () => client.end(false, () => process.exit(0)))
