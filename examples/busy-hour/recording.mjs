// A recording: what a watch of the Workflows delivered, when, and when the metrics were scraped for the last time.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** @returns events in the order in which they were recorded, and the time of the last scrape; times in Unix milliseconds. */
export function readRecording(folder) {
  const { eventTimes, scrapes } = JSON.parse(readFileSync(join(folder, 'case.json'), 'utf8'));
  const lines = readFileSync(join(folder, 'events.ndjson'), 'utf8').trimEnd().split('\n');
  if (lines.length !== eventTimes.length)
    throw new Error(`${folder}: ${lines.length} events, but ${eventTimes.length} times`);
  const events = lines.map((line, index) => {
    const { type, object } = JSON.parse(line);
    return { type, object, atUnixMillis: Date.parse(eventTimes[index]) };
  });
  return { events, scrapedAtUnixMillis: Date.parse(scrapes.at(-1).at) };
}
