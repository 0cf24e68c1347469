// P7 to P9, P11, P12, P15, P16 and the memory of a series: what a collection and a scrape cost, beside the SDK with its Prometheus
// exporter, prom-client and client_golang. Each client is a process of its own; they take turns. Figures are milliseconds of CPU where
// nothing else is said.
import { scrape, startClient, startProgram } from './clients/start.mjs';

const CLIENTS = ['ours', 'sdk', 'prom-client'];

/** As Prometheus 3 asks. */
const TEXT = {
  accept:
    'application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,application/openmetrics-text;version=0.0.1;q=0.4,' +
    'text/plain;version=1.0.0;escaping=allow-utf-8;q=0.3,text/plain;version=0.0.4;q=0.2,*/*;q=0.1',
  'accept-encoding': 'gzip',
};

/** As Prometheus asks where it scrapes protobuf first. */
const PROTOBUF = {
  ...TEXT,
  accept:
    'application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited;q=0.6,' +
    TEXT.accept,
};

const asked = (ask, as = ask) => [as, client => client.ask(ask)];

/** CPU of the whole answer to a request: collected, written, compressed and sent. */
const answered = (as, headers) => [
  as,
  async client => {
    const url = (client.url ??= await client.ask('serve'));
    await client.ask('request');
    await scrape(url, headers);
    return client.ask('answered');
  },
];

/** Clients that live through all rounds. `questionsOf`: what each is asked, as [name, how]. */
async function together(kind, series, golang, questionsOf) {
  const open = {};
  for (const who of [...CLIENTS, 'client_golang']) {
    const questions = questionsOf(who);
    if (questions.length === 0 || (who === 'client_golang' && golang.program === undefined)) continue;
    const client =
      who === 'client_golang'
        ? await startProgram(golang.program, kind, series)
        : await startClient(who, kind, series);
    open[who] = { client, questions };
  }
  const contestants = {};
  for (const [who, { client, questions }] of Object.entries(open))
    for (const [name, how] of questions) contestants[`${who} ${name} ${series} ${kind}s`] = () => how(client);
  const end = () => Promise.all(Object.values(open).map(({ client }) => client.end()));
  return { contestants, end };
}

const isReader = who => who === 'ours' || who === 'sdk';

/** P7 with P8, or P9 and P15. */
const collectedAndScraped = (kind, id) => (series, golang, isWanted) =>
  together(kind, series, golang, who => {
    const questions = [];
    if (isWanted('P7') && isReader(who)) questions.push(asked('collect'), asked('walk'));
    if (isWanted(id)) questions.push(asked('text'));
    if (isWanted(id) && who === 'ours') questions.push(asked('strings'));
    if (isWanted(id) && who !== 'client_golang') questions.push(answered('answer', TEXT));
    if (kind === 'histogram' && isWanted('P15') && who === 'ours')
      questions.push(...(isWanted(id) ? [] : [answered('answer', TEXT)]), answered('protobuf', PROTOBUF));
    return questions;
  });

export const counters = collectedAndScraped('counter', 'P8');
export const manyHistograms = collectedAndScraped('histogram', 'P9');

/** P9. */
export const histograms = (series, golang) => together('histogram', series, golang, () => [asked('text')]);

/** P12. */
export async function deltas(many, touched) {
  const clients = await Promise.all([many, touched].map(series => startClient('ours', 'counter', series)));
  const names = ['deltaOfMany', 'deltaOfAll'];
  const contestants = Object.fromEntries(
    names.map((name, i) => [name, () => clients[i].ask('delta', { touched })]),
  );
  return { contestants, end: () => Promise.all(clients.map(client => client.end())) };
}

/** Contestants whose every round has a process of its own: what happens once in a life. */
const alone = contestants => ({ contestants, end: () => Promise.resolve() });

async function once(who, kind, series, ask, sets = 'each') {
  const client = await startClient(who, kind, series, sets);
  try {
    return await ask(client);
  } finally {
    await client.end();
  }
}

/** P16. The longest step is one figure with three names, because the first contestant of a round finds all of them. */
export function firstScrape(series) {
  let steps;
  return alone({
    'ours first scrape': () => once('ours', 'counter', series, client => client.ask('scrape')),
    'sdk first scrape': () => once('sdk', 'counter', series, client => client.ask('scrape')),
    'prom-client first scrape': () => once('prom-client', 'counter', series, client => client.ask('scrape')),
    firstScrapeStep: async () => {
      steps = await once('ours', 'counter', series, client => client.ask('steps'));
      return steps.own;
    },
    firstScrapeStepByClock: () => Promise.resolve(steps.passed),
    firstScrapeControl: () => Promise.resolve(steps.control),
  });
}

/** P11, in MiB: the largest resident size after two scrapes to the end. */
export function peaks(series) {
  const peak = (who, kind) => () =>
    once(who, kind, series, async client => {
      const url = await client.ask('serve');
      for (let i = 0; i < 2; i++) await scrape(url);
      return (await client.ask('peak')) / 2 ** 20;
    });
  return alone({ peakOfHistograms: peak('ours', 'histogram'), peakOfHostCounters: peak('sdk', 'counter') });
}

/** Bytes for each series: what the process grew by, and what of it is on the heap; the same after a scrape. */
export function memory(series, golang) {
  const contestants = {};
  for (const who of [...CLIENTS, 'client_golang'])
    for (const kind of ['counter', 'histogram']) {
      if (who === 'client_golang' && golang.program === undefined) continue;
      let grown;
      const open = () =>
        who === 'client_golang'
          ? startProgram(golang.program, kind, series)
          : startClient(who, kind, series, 'each');
      const measure = async () => {
        const client = await open();
        const since = ({ resident, heap }) => ({
          resident: (resident - client.before.resident) / series,
          heap: (heap - client.before.heap) / series,
        });
        const filled = since(await client.ask('memory'));
        await client.ask(who === 'client_golang' ? 'text' : 'scrape');
        const scraped = since(await client.ask('memory'));
        await client.end();
        return { filled, scraped };
      };
      contestants[`${who} ${kind} resident`] = async () => {
        grown = await measure();
        return grown.filled.resident;
      };
      contestants[`${who} ${kind} heap`] = () => Promise.resolve(grown.filled.heap);
      contestants[`${who} ${kind} scraped`] = () => Promise.resolve(grown.scraped.resident);
      contestants[`${who} ${kind} scraped heap`] = () => Promise.resolve(grown.scraped.heap);
    }
  return alone(contestants);
}
