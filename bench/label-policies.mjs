// P18: what policies of labels cost a record in one thread, beside the same label sets without policies, and beside the SDK.
import { MeterProvider } from '@opentelemetry/sdk-metrics';
import { cardinalityLimitedView, createStore } from 'otel-argo-metrics';
import { idleReader } from './idle-reader.mjs';
import { time } from './rounds.mjs';

const SETS = 1024;
const VALUES = 64;

const LABELS = {
  route: { maxValues: VALUES },
  method: { allow: ['GET', 'POST'] },
  ip: { drop: true },
};

/** Every value has a place. */
const admitted = Array.from({ length: SETS }, (_, i) => ({
  method: 'GET',
  route: `/r${i % VALUES}`,
  ip: `10.0.0.${i % 16}`,
}));
/** 15 of 16 routes have none, and half of the methods. */
const refused = Array.from({ length: SETS }, (_, i) => ({
  method: i % 2 === 0 ? 'GET' : 'PUT',
  route: `/r${i}`,
  ip: `10.0.0.${i % 16}`,
}));

export function labelPolicies({ calls }) {
  const store = createStore({
    cardinalityLimit: 1_000_000,
    handleCacheSize: 100_000,
    views: [cardinalityLimitedView({ instrumentName: 'policed', limit: 2000, labels: LABELS })],
  });
  const meter = store.getMeter('bench');
  const plain = meter.createCounter('plain');
  const policed = meter.createCounter('policed');
  const host = new MeterProvider({ readers: [idleReader] }).getMeter('bench').createCounter('c');
  for (const set of admitted) policed.add(1, set);
  const [boundPlain, boundPoliced] = [plain, policed].map(counter => admitted.map(set => counter.bind(set)));
  let fresh = 0;
  const repeat = (counter, sets, times) => () =>
    time(n => {
      for (let i = 0; i < n; i++) counter.add(1, sets[i & 1023]);
    }, calls * times);
  const boundRepeat = bound => () =>
    time(n => {
      for (let i = 0; i < n; i++) bound[i & 1023].add(1);
    }, calls * 30);
  return {
    contestants: {
      plainAdmitted: repeat(plain, admitted, 10),
      policedAdmitted: repeat(policed, admitted, 10),
      plainRefused: repeat(plain, refused, 10),
      policedRefused: repeat(policed, refused, 10),
      boundPlain: boundRepeat(boundPlain),
      boundPoliced: boundRepeat(boundPoliced),
      hostKnown: repeat(host, admitted, 1),
      policedNew: () =>
        time(n => {
          for (let i = 0; i < n; i++)
            policed.add(1, { method: 'GET', route: `/new${fresh++}`, ip: '10.0.0.1' });
        }, calls),
    },
    end: () => store.shutdown(),
  };
}
