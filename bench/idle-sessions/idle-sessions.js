// node idle-sessions.js [sessions=5000] [port=9443] [pki=../../pki] [pid of the broker's JVM]
// Opens idle sessions as client01, asks for the inventory once, and prints the broker's memory per session.
const fs = require('fs');
const { execFileSync } = require('child_process');
const { randomUUID } = require('crypto');
const WebSocket = require('ws');

const [sessions = 5000, port = 9443, pki = '../../pki', pid] = process.argv.slice(2);
const AT_ONCE = 32;
const read = (file) => fs.readFileSync(`${pki}/${file}`);
const tls = { ca: read('ca.pem'), cert: read('client01.pem'), key: read('client01.key') };

const connect = (path) => new Promise((resolve, reject) => {
  const socket = new WebSocket(`wss://localhost:${port}${path}`, tls);
  socket.once('open', () => resolve(socket));
  socket.once('error', reject);
});

const rssKiB = () => pid
  ? Number(/VmRSS:\s+(\d+)/.exec(fs.readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) : NaN;
const cpuSeconds = () => {
  if (!pid) return NaN;
  const fields = fs.readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
};
// The live heap: a full collection, then what is used.
const heapKiB = () => {
  if (!pid) return NaN;
  execFileSync('jcmd', [pid, 'GC.run']);
  return Number(/used (\d+)K/.exec(execFileSync('jcmd', [pid, 'GC.heap_info']).toString())[1]);
};

const inventory = (socket) => new Promise((resolve) => {
  const begun = Date.now();
  socket.once('message', (text) => resolve({
    uris: JSON.parse(text).data.uris.length, milliseconds: Date.now() - begun, bytes: text.length }));
  socket.send(JSON.stringify({
    id: randomUUID(), message_type: 'http://puppetlabs.com/inventory_request',
    data: { query: ['pcp://*/*'] } }));
});

(async () => {
  const controller = await connect('/pcp2/controller');
  for (let i = 0; i < 200; i++) (await connect(`/pcp2/warm${i}`)).terminate();
  const before = { rss: rssKiB(), heap: heapKiB(), cpu: cpuSeconds() };
  const begun = Date.now();
  const open = [];
  let next = 0;
  let lost = 0;
  await Promise.all(Array.from({ length: AT_ONCE }, async () => {
    while (next < sessions) {
      const socket = await connect(`/pcp2/idle${next++}`);
      socket.on('close', () => { lost++; });
      open.push(socket);
    }
  }));
  const seconds = (Date.now() - begun) / 1000;
  const cpu = cpuSeconds() - before.cpu;
  const listed = await inventory(controller);
  const after = { rss: rssKiB(), heap: heapKiB() };
  await new Promise((resolve) => setTimeout(resolve, 45000)); // over more than one ping
  console.log(JSON.stringify({
    sessions: open.length, secondsToConnect: seconds, perSecond: Math.round(open.length / seconds),
    brokerCpuMillisecondsPerConnect: Number((cpu * 1000 / open.length).toFixed(2)),
    listed, lostWhileIdle: lost,
    rssKiBPerSession: Number(((after.rss - before.rss) / open.length).toFixed(1)),
    liveHeapKiBPerSession: Number(((after.heap - before.heap) / open.length).toFixed(1)),
    rssMiB: Math.round(after.rss / 1024), liveHeapMiB: Math.round(after.heap / 1024) }, null, 2));
  process.exit(open.length === Number(sessions) && lost === 0 ? 0 : 1);
})().catch((error) => { console.error(error.message); process.exit(2); });
