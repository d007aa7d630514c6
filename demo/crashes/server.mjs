// node server.mjs BUG VALUE: ends by that bug. SHIFT stands where unrelated lines come and go.
import { readFileSync } from 'node:fs';

// SHIFT

class StockError extends Error {
  name = 'StockError';
}

class Order {
  constructor(id) {
    this.id = id;
  }
  total() {
    return this.lines.reduce((sum, line) => sum + line.price, 0);
  }
  check() {
    throw new StockError(`order ${this.id} has no stock`);
  }
}

function parse(text) {
  return JSON.parse(text);
}

// SHIFT

const down = (n) => up(n + 1);
const up = (n) => down(n + 1);

const BUGS = {
  undefinedProperty: (value) => new Order(value).total(),
  ownError: (value) => new Order(value).check(),
  brokenJson: (value) => parse(`{"id": ${value}`),
  missingFile: (value) => loadConfig(`/srv/none-${value}/config.json`),
  rejected: (value) => void failLater(value),
  rejectedText: (value) => void Promise.reject(`reason ${value}`),
  thrownText: (value) => {
    throw `plain text ${value}`;
  },
  causes: (value) => withCause(value),
  recursion: (value) => (Number(value) % 2 === 0 ? up(0) : down(0)),
  badArgument: (value) => Buffer.alloc(-Number(value)),
  timer: (value) => setTimeout(onTimer, 1, value),
  exitCode: (value) => {
    console.error(
      `${new Date().toISOString()} [${process.pid}] ERROR listen EADDRINUSE: address already in use :::${value}`,
    );
    process.exit(1);
  },
  outOfMemory: () => {
    const kept = [];
    for (;;) kept.push(new Array(1000).fill(kept.length));
  },
  logged: (value) => {
    console.error(
      JSON.stringify({ level: 60, time: Date.now(), pid: process.pid, err: { stack: stackOf(value) }, msg: 'fatal' }),
    );
    process.exit(1);
  },
};

function loadConfig(path) {
  return readFileSync(path, 'utf8');
}

async function failLater(value) {
  await null;
  throw new RangeError(`page ${value} is out of range`);
}

function query(value) {
  throw new TypeError(`row ${value} has no id`);
}

function withCause(value) {
  try {
    query(value);
  } catch (error) {
    throw new Error(`report ${value} failed`, { cause: error });
  }
}

function onTimer(value) {
  throw new Error(`job ${value} took too long`);
}

function stackOf(value) {
  return new Error(`balance of ${value} is negative`).stack;
}

BUGS[process.argv[2]](process.argv[3]);
