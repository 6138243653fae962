// node pcp-throughput.js [name=value ...]      names and defaults: SETTINGS below
// Pairs of clients: one sends to the other, with so many messages under way at a time (window). Prints one line of JSON.
const fs = require('fs');
const { randomUUID } = require('crypto');
const WebSocket = require('ws');

const SETTINGS = {
  pairs: 1,
  window: 16, // messages under way for each pair
  size: 1024, // bytes of data of each message
  seconds: 20, // measured
  warmup: 20, // seconds before that
  version: 'v2', // or v1
  port: 9443,
  pki: '../../pki',
  pid: '', // of the broker's JVM; without it the broker's CPU time is not measured
};
for (const argument of process.argv.slice(2)) {
  const [name, value] = argument.split('=');
  if (!(name in SETTINGS) || value === undefined) {
    console.error(`${argument}: use ${Object.keys(SETTINGS).join('=, ')}=`);
    process.exit(2);
  }
  SETTINGS[name] = typeof SETTINGS[name] === 'number' ? Number(value) : value;
}
const { pairs, window, size, seconds, warmup, version, port, pki, pid } = SETTINGS;
const CLOCK_TICKS_A_SECOND = 100;

const read = (file) => fs.readFileSync(`${pki}/${file}`);
const connect = (client, type) => new Promise((resolve, reject) => {
  const path = version === 'v1' ? 'pcp' : 'pcp2';
  const socket = new WebSocket(`wss://localhost:${port}/${path}/${type}`, {
    ca: read('ca.pem'), cert: read(`${client}.pem`), key: read(`${client}.key`), perMessageDeflate: false });
  socket.once('open', () => resolve(socket));
  socket.once('error', reject);
});

const data = JSON.stringify({ text: 'x'.repeat(Math.max(0, size - '{"text":""}'.length)) });
const frames = {
  v1: (target, sender) => {
    const envelope = Buffer.from(JSON.stringify({
      id: randomUUID(), message_type: 'bench', targets: [target], sender, expires: '2100-01-01T00:00:00.000Z' }));
    const frame = Buffer.alloc(11 + envelope.length + data.length);
    frame[0] = 1;
    frame[1] = 1;
    frame.writeInt32BE(envelope.length, 2);
    envelope.copy(frame, 6);
    frame[6 + envelope.length] = 2;
    frame.writeInt32BE(data.length, 7 + envelope.length);
    frame.write(data, 11 + envelope.length, 'latin1');
    return frame;
  },
  v2: (target) => `{"id":"${randomUUID()}","message_type":"bench","target":"${target}","data":${data}}`,
};

const brokerSeconds = () => {
  if (!pid) return NaN;
  const fields = fs.readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return (Number(fields[11]) + Number(fields[12])) / CLOCK_TICKS_A_SECOND;
};
const generatorSeconds = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};

let measuring = false;
let stopped = false;
let latencies = [];
const fail = (text) => { console.error(text); process.exit(1); };

const begin = async (number) => {
  const sender = await connect('client01', `sender${number}`);
  const receiver = await connect('client02', `receiver${number}`);
  const target = `pcp://client02/receiver${number}`;
  const own = `pcp://client01/sender${number}`;
  const underWay = []; // when each was sent: they arrive in this order
  const send = () => {
    underWay.push(performance.now());
    sender.send(frames[version](target, own));
  };
  sender.on('message', (text) => fail(`an answer instead of delivery: ${text.toString('latin1').slice(0, 400)}`));
  for (const socket of [sender, receiver]) {
    socket.on('close', (code) => { if (!stopped) fail(`closed with ${code}`); });
  }
  receiver.on('message', (text) => {
    if (text.length < data.length) fail(`not what was sent: ${text.toString('latin1').slice(0, 400)}`);
    const sent = underWay.shift();
    if (measuring) latencies.push(performance.now() - sent);
    if (!stopped) send();
  });
  return () => { for (let i = 0; i < window; i++) send(); };
};

const pause = (time) => new Promise((resolve) => setTimeout(resolve, time * 1000));

(async () => {
  const starts = [];
  for (let i = 0; i < pairs; i++) starts.push(await begin(i));
  for (const start of starts) start();
  await pause(warmup);
  const before = { at: performance.now(), broker: brokerSeconds(), generator: generatorSeconds() };
  measuring = true;
  await pause(seconds);
  measuring = false;
  const broker = brokerSeconds() - before.broker;
  const generator = generatorSeconds() - before.generator;
  const elapsed = (performance.now() - before.at) / 1000;
  stopped = true;
  const count = latencies.length;
  const sorted = Float64Array.from(latencies).sort();
  const at = (share) => Number(sorted[Math.min(count - 1, Math.floor(count * share))].toFixed(3));
  console.log(JSON.stringify({
    version, pairs, window, size, messages: count, messagesPerSecond: Math.round(count / elapsed),
    millisecondsP50: at(0.5), millisecondsP99: at(0.99),
    brokerCpuMicrosecondsPerMessage: Number((broker * 1e6 / count).toFixed(1)),
    brokerCpuShare: Number((broker / elapsed).toFixed(2)),
    generatorCpuMicrosecondsPerMessage: Number((generator * 1e6 / count).toFixed(1)),
    generatorCpuShare: Number((generator / elapsed).toFixed(2)) }));
  process.exit(count > 0 ? 0 : 1);
})().catch((error) => fail(error.message));
