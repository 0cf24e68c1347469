#!/usr/bin/env node
import { run } from './run.js';

const interruption = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => interruption.abort());
const { stdin, stdout, stderr, env } = process;
const clock = { now: () => Date.now() };

void run(process.argv.slice(2), { stdin, stdout, stderr, clock, env, signal: interruption.signal }).then(
  exitCode => (process.exitCode = exitCode),
);
