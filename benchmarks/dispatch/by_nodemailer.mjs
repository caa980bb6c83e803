// Sends one letter many times with nodemailer's pool, and prints what it took, as JSON.
//
//   node by_nodemailer.mjs PORT MESSAGES CONNECTIONS LETTER.json default|base64
//
// `default` encodes text as quoted-printable where it is mostly ASCII, as nodemailer chooses; `base64` is said for both.
// Touches: the network.
import { readFileSync } from "node:fs";
import nodemailer from "nodemailer";

const [port, count, connections] = process.argv.slice(2, 5).map(Number);
const letter = JSON.parse(readFileSync(process.argv[5], "utf8"));
const encoding = process.argv[6] === "base64" ? { textEncoding: "base64" } : {};
const transport = nodemailer.createTransport({
  host: "127.0.0.1", port, pool: true, maxConnections: connections, maxMessages: Infinity, ignoreTLS: true,
});
const began = process.hrtime.bigint();
const before = process.cpuUsage();
let next = 0;

// As many are handed over as there are connections: the pool's queue would hold all messages in memory.
async function work() {
  while (next < count) {
    const number = next++;
    const { from, subject, text, html } = letter;
    await transport.sendMail({ from, to: `reader${number}@example.com`, subject, text, html, ...encoding });
  }
}

await Promise.all(Array.from({ length: connections }, work));
const used = process.cpuUsage(before);
const seconds = Number(process.hrtime.bigint() - began) / 1e9;
transport.close();
console.log(JSON.stringify({ messages: count, seconds, cpu_s: (used.user + used.system) / 1e6 }));
