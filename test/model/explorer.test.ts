// A small exploration in every test run, and that the explorer sees what is broken. All of it: `npm run test:model`.
import { expect } from 'chai';
import { Explorer, Violation } from './explorer.js';
import { runJob } from './job.js';
import { ModelStore, NOTHING, recordsIn } from './model-store.js';
import { SCENARIOS } from './scenarios.js';
import { ScriptNode, ask } from './script-tree.js';
import { editedSource, loadShippedSources, type ShippedSources } from './shipped-sources.js';
import { StateGraph } from './state-graph.js';
import { VARIANTS } from './variants.js';

describe('explorer', () => {
  let sources: ShippedSources;

  before(async () => {
    sources = await loadShippedSources();
  });

  it('should find that a causal pair is never torn apart', () => {
    const { violation, states, ends } = new Explorer(SCENARIOS['smallPair']!.explore(sources)).run();
    expect(violation).to.equal(undefined);
    expect(states).to.be.greaterThan(1000);
    expect(ends).to.be.greaterThan(10);
  });

  it('should see a drain that does not wait for the writers, with the way there', async () => {
    const { violation, trace } = await runJob({
      kind: 'variant',
      name: 'the drain does not wait for the writers',
    });
    expect(violation).to.match(/returned before it was asked for/);
    expect(trace.join('\n')).to.match(/collector: quiesce returns 1[^]*writer 1: add returns 1/);
  });

  it('should see two threads that read and write one word', () => {
    const store = new ModelStore(sources, 1, 1);
    const { i32 } = store.region.region;
    const at = store.region.layout.text / 4;
    const increment = (): void => void (i32[at] = i32[at]! + 1);
    const explore = (step: () => void): string | undefined =>
      new Explorer({
        region: store.region,
        programs: ['one', 'other'].map(name => ({ name, steps: [{ name: 'increment', run: step }] })),
        ghost: NOTHING,
        atEnd: () => {
          if (i32[at] !== 2) throw new Violation(`ends with ${i32[at]}`);
        },
        maxStates: 1000,
      }).run().violation;
    expect(explore(increment)).to.equal('ends with 1');
    const together = (): void => void sources.host.atomic('add', i32, at, 1);
    expect(explore(together)).to.equal(undefined);
  });

  it('should count how often a record is in a sum', () => {
    expect(recordsIn(0)).to.equal(0);
    expect(recordsIn(1 + 16)).to.equal(0b101);
    expect(() => recordsIn(4 + 4)).to.throw(Violation, 'record 1 is 2 times');
    expect(() => recordsIn(0.5)).to.throw(Violation);
  });

  it('should find states from which no end can be reached', () => {
    const graph = new StateGraph();
    const start = graph.enter(1, 1, -1).id;
    const end = graph.enter(2, 2, start).id;
    graph.markEnd(end);
    expect(graph.statesWithoutEnd()).to.equal(0);
    const trap = graph.enter(3, 3, start).id;
    graph.enter(4, 4, trap);
    graph.enter(3, 3, graph.enter(4, 4, -1).id);
    expect(graph.statesWithoutEnd()).to.equal(2);
    expect(graph.enter(1, 1, -1)).to.deep.equal({ id: start, isNew: false });
  });

  it('should stand at the same place after a loop that found nothing new', () => {
    const code = sources.kernel.get('beat')!;
    const root = ScriptNode.root('loop', () => {
      while (ask({ kind: 'call', code, args: [1] }) === 0) ask({ kind: 'pause' });
      return 'done';
    });
    const once = root.answered(0).answered(undefined);
    const twice = once.answered(0).answered(undefined);
    expect(twice).to.equal(once);
    expect(once).to.not.equal(root);
    expect(once.answered(1).operation()).to.deep.equal({ kind: 'return', value: 'done' });
  });

  it('should go on between two signs of life, also when nothing is asked in between', () => {
    const code = sources.kernel.get('beat')!;
    const root = ScriptNode.root('work', () => {
      for (let piece = 0; piece < 3; piece++) ask({ kind: 'call', code, args: [1] });
      return 'done';
    });
    const end = root.answered(1).answered(1).answered(1);
    expect(end.operation()).to.deep.equal({ kind: 'return', value: 'done' });
  });

  it('should tell a cell that is -0 from one that is +0', () => {
    const root = ScriptNode.root('look', () => Object.is(ask({ kind: 'peek', look: () => '' }), -0));
    const answers = [0, -0].map(answer => root.answered(answer).operation());
    expect(answers).to.deep.equal([false, true].map(value => ({ kind: 'return', value })));
  });
});

describe('broken variants', () => {
  it('should each change what is shipped', () => {
    expect(VARIANTS).to.have.length.greaterThan(20);
    for (const { name, edits, scenarios } of VARIANTS) {
      expect(scenarios, name).to.not.be.empty;
      for (const { file } of edits)
        expect(editedSource(file, edits), name).to.not.equal(editedSource(file, []));
    }
    expect(() =>
      editedSource('lib/memory/swap.ts', [{ file: 'lib/memory/swap.ts', from: 'no such text', to: '' }]),
    ).to.throw('has 0 places');
  });

  it('should not load without what the explorer calls or brings', async () => {
    const failure = async (file: string, from: string, to: string): Promise<string> =>
      loadShippedSources([{ file, from, to }]).then(() => 'loaded', String);
    expect(await failure('lib/memory/reclaim.ts', 'function freePlace(', 'function release(')).to.match(
      /freePlace is not defined/,
    );
    const [swap, port] = ['lib/memory/swap.ts', 'lib/waiting.ts'];
    expect(await failure(swap, 'LOOKS_BEFORE_PAUSE, ', 'LOOKS_BEFORE_PAUSE, sleep, ')).to.match(
      /waiting\.js.* 'sleep'/,
    );
    expect(await failure(port, 'resolve, 1', 'resolve, 2')).to.match(/is not loaded/);
  });
});
