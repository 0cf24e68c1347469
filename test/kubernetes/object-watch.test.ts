// Goal: an object that changes is seen, whatever the connection does. Method: a server on loopback that speaks what an API server
// speaks.
import { expect } from 'chai';
import { ApiClient } from '../../lib/kubernetes/api-client.js';
import { ApiError } from '../../lib/kubernetes/api-error.js';
import { ObjectWatch } from '../../lib/kubernetes/object-watch.js';
import type { Failure } from '../../lib/kubernetes/retries.js';
import { proxyAccess } from '../../lib/kubernetes/proxy-access.js';
import { errorEvent, json, statusFault, TestApiServer } from './test-api-server.js';
import { TestConfigMap } from './test-config-map.js';

describe(ObjectWatch.name, () => {
  let server: TestApiServer;
  let configMap: TestConfigMap;
  let client: ApiClient;
  let end: AbortController;
  const failures: Failure[] = [];
  const seen: unknown[] = [];
  let told = (): void => undefined;

  beforeEach(async () => {
    server = await TestApiServer.start();
    configMap = new TestConfigMap(server);
    client = new ApiClient(proxyAccess(server.url), 'test');
    end = new AbortController();
    failures.length = 0;
    seen.length = 0;
  });

  afterEach(async () => {
    end.abort();
    client.close();
    await server.close();
  });

  const watch = (): ObjectWatch =>
    new ObjectWatch({
      ...{ client, path: '/api/v1/namespaces/argo/configmaps', name: 'settings' },
      onFailure: failure => failures.push(failure),
      pause: () => Promise.resolve(),
    });
  const take = (object: object): void => {
    seen.push((object as { data?: unknown }).data);
    told();
  };
  /** Resolves once so many were taken. */
  const taken = (count: number): Promise<void> =>
    new Promise(resolve => {
      told = () => {
        if (seen.length >= count) resolve();
      };
      told();
    });

  it('should read the object, see each change and ask for nothing but this name', async () => {
    configMap.write({ a: '1' });
    const watched = watch();
    expect(await watched.read(end.signal))
      .to.have.property('data')
      .deep.equal({ a: '1' });
    configMap.write({ a: '2' });
    const run = watched.run(take, end.signal);
    await taken(1);
    configMap.write({ a: '3' });
    await taken(2);
    end.abort();
    await run;
    expect(seen).to.deep.equal([{ a: '2' }, { a: '3' }]);
    expect(configMap.asked).to.deep.equal(['get', 'watch metadata.name=settings']);
    expect(failures).to.deep.equal([]);
  });

  it('should read it again when a watch ends, so that nothing is missed in between', async () => {
    configMap.write({ a: '1' });
    const watched = watch();
    await watched.read(end.signal);
    configMap.faults.watch.push(
      errorEvent(410, 'Expired'),
      response => {
        configMap.write({ a: '2' });
        response.destroy();
      },
      response => json(response, 200, {}),
    );
    const run = watched.run(take, end.signal);
    await taken(3);
    end.abort();
    await run;
    expect(seen.slice(0, 3)).to.deep.equal([{ a: '1' }, { a: '2' }, { a: '2' }]);
    expect(failures.map(({ verb }) => verb)).to.deep.equal(['watch', 'watch', 'watch']);
    expect((failures[2]?.error as Error).message).to.equal('the server ended the watch at once');
  });

  it('should wait longer and longer where each watch is refused with 410, as that of an object older than the history', async () => {
    configMap.write({ a: '1' });
    const watched = watch();
    await watched.read(end.signal);
    for (let times = 0; times < 6; times++) configMap.faults.watch.push(errorEvent(410, 'Expired'));
    const run = watched.run(take, end.signal);
    await taken(6);
    end.abort();
    await run;
    expect(failures[5]?.waitMillis).to.be.at.least(4000);
  });

  it('should watch on behind a start of the server, whose history does not reach back to the object', async () => {
    configMap.write({ a: '1' });
    configMap.forget();
    const watched = watch();
    await watched.read(end.signal);
    const run = watched.run(take, end.signal);
    await taken(2);
    configMap.write({ a: '2' });
    await taken(3);
    configMap.endWatches();
    await taken(5);
    end.abort();
    await run;
    expect(seen.slice(0, 5)).to.deep.equal([{ a: '1' }, { a: '1' }, { a: '2' }, { a: '2' }, { a: '2' }]);
    expect(failures.map(({ verb, error }) => [verb, (error as ApiError).status])).to.deep.equal([
      ['watch', 410],
    ]);
  });

  it('should say that it is gone, and see that it is there again', async () => {
    configMap.write({ a: '1' });
    const watched = watch();
    await watched.read(end.signal);
    const run = watched.run(take, end.signal);
    const isAsked = server.asked(({ path }) => path.endsWith('/settings'));
    configMap.write(undefined);
    await isAsked;
    configMap.write({ a: '2' });
    await taken(1);
    end.abort();
    await run;
    expect(seen[0]).to.deep.equal({ a: '2' });
    expect(failures.every(({ verb }) => verb === 'get')).to.equal(true);
    expect(failures.map(({ error }) => (error as ApiError).status)).to.include(404);
  });

  it('should be refused at once at the start where it is missing or forbidden, and only there', async () => {
    const refusal = async (): Promise<number> => {
      const error: unknown = await watch()
        .read(end.signal)
        .catch((reason: unknown) => reason);
      return error instanceof ApiError ? error.status : NaN;
    };
    expect(await refusal()).to.equal(404);
    configMap.faults.get.push(statusFault(403, 'Forbidden'));
    expect(await refusal()).to.equal(403);
    expect(failures).to.deep.equal([]);
    configMap.write({ a: '1' });
    configMap.faults.get.push(statusFault(503, 'ServiceUnavailable'), statusFault(429, 'TooManyRequests'));
    const watched = watch();
    expect(await watched.read(end.signal)).to.have.property('data');
    expect(failures.map(({ verb, error }) => [verb, (error as ApiError).status])).to.deep.equal([
      ['get', 503],
      ['get', 429],
    ]);
    configMap.faults.watch.push(statusFault(403, 'Forbidden'));
    const run = watched.run(take, end.signal);
    await taken(1);
    end.abort();
    await run;
    expect(failures.at(-1)).to.have.property('verb', 'watch');
  });

  it('should take no answer that is another object, no object, or too long', async () => {
    const wrong = [
      { metadata: { name: 'other' } },
      [],
      { metadata: { name: 'settings' }, data: { a: 'x'.repeat(5 * 1024 ** 2) } },
    ];
    for (const body of wrong) configMap.faults.get.push(response => json(response, 200, body));
    configMap.write({ a: '1' });
    expect(await watch().read(end.signal))
      .to.have.property('data')
      .deep.equal({ a: '1' });
    expect(failures.map(({ error }) => (error as Error).message)).to.deep.equal([
      'the answer is not the object that was asked for: is this an API server?',
      'the answer is not the object that was asked for: is this an API server?',
      'it has 5242928 bytes, which is too many',
    ]);
  });

  it('should end while it waits, and while it is refused', async () => {
    configMap.faults.get.push(() => undefined);
    const asked = server.asked(() => true);
    const reading = watch()
      .read(end.signal)
      .catch((reason: unknown) => reason);
    await asked;
    end.abort();
    expect(await reading).to.be.instanceOf(Error);
  });
});
