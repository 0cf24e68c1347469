// Which file may import which: the layers of lib, and the floors of the rooms inside of them. Read from the files themselves.
import { existsSync } from 'node:fs';
import { join, posix } from 'node:path';
import { expect } from 'chai';
import { edgesOf, findCycle, type Edge } from './support/import-graph.js';
import {
  ROOT,
  identifiersOf,
  parseSource,
  readSources,
  readText,
  stringWordsOf,
} from './support/source-tree.js';

/** The layers, lowest first. A file may import from lower ranks and from its own place: those of one rank do not know each other. */
const RANKS: Readonly<Record<string, number>> = {
  'errors.ts': 0,
  'limits.ts': 0,
  'waiting.ts': 0,
  cardinality: 1,
  guard: 1,
  memory: 1,
  store: 2,
  instruments: 3,
  producers: 3,
  otel: 4,
  exposition: 4,
  argo: 4,
  kubernetes: 4,
  journal: 4,
  collector: 5,
  'argo-entry.ts': 6,
  'store-entry.ts': 6,
  'index.ts': 7,
  'collector-thread.ts': 7,
  register: 7,
  'register.ts': 8,
  cli: 8,
};

/**
 * The rooms of a place, floor by floor, the lowest first. A file may import from lower floors and from its own room: rooms
 * of one floor do not know each other. What stands in the place itself is a room too, of the same name.
 */
const FLOORS: Readonly<Record<string, readonly (readonly string[])[]>> = {
  argo: [
    ['budget', 'workflow'],
    ['diagnostic', 'go'],
    ['jsonpath', 'sprig', 'when', 'manifest'],
    ['expression'],
    ['template'],
    ['variables'],
    ['spec'],
    ['emit'],
    ['lint', 'observe'],
    ['state'],
  ],
  'argo/go': [['go'], ['text'], ['number', 'time', 'url'], ['value'], ['json', 'version']],
  'argo/expression': [['syntax', 'operations', 'run'], ['builtins'], ['checker', 'compile'], ['expression']],
  exposition: [
    ['names', 'negotiation'],
    ['labels', 'rows'],
    ['series'],
    ['writer', 'http'],
    ['page'],
    ['exposition'],
  ],
  store: [['definition'], ['series'], ['record', 'collect'], ['store']],
};

const library = readSources('lib');
const edges = edgesOf(library);

/** `lib/memory/cut.ts` → `memory`; `lib/errors.ts` → `errors.ts`. */
function placeOf(path: string): string {
  return path.split('/')[1] ?? path;
}

/** `lib/argo/go/text/quote.ts` → `go` in `argo`, and `text` in `argo/go`. `lib/store/store-core.ts` → `store` in `store`. */
function roomOf(path: string, place: string): string {
  const [room, file] = path.slice(`lib/${place}/`.length).split('/');
  return (file === undefined ? undefined : room) ?? posix.basename(place);
}

function placesOf(path: string): string[] {
  return Object.keys(FLOORS).filter(place => path.startsWith(`lib/${place}/`));
}

/** The folder; of a file of lib itself, which is a layer, the file. */
function folderOf(path: string): string {
  return posix.dirname(path) === 'lib' ? path : posix.dirname(path);
}

function floorOf(path: string, place: string): number | undefined {
  const floor = FLOORS[place]?.findIndex(rooms => rooms.includes(roomOf(path, place)));
  return floor === -1 ? undefined : floor;
}

function layerViolations(edges: readonly Edge[]): string[] {
  return edges.flatMap(edge => {
    const { from, to } = edge;
    const [lower, upper] = [RANKS[placeOf(to)], RANKS[placeOf(from)]];
    const arrow = `${from} -> ${to}`;
    if (lower === undefined || upper === undefined || !to.startsWith('lib/'))
      return [`${arrow}: not in a layer`];
    if (placeOf(from) === placeOf(to)) return floorViolations(edge);
    return lower < upper ? [] : [`${arrow}: rank ${upper} must not know rank ${lower}`];
  });
}

function floorViolations({ from, to }: Edge): string[] {
  return placesOf(from).flatMap(place => {
    if (!placesOf(to).includes(place) || roomOf(from, place) === roomOf(to, place)) return [];
    const [lower, upper] = [floorOf(to, place), floorOf(from, place)];
    const arrow = `${from} -> ${to}`;
    if (lower === undefined || upper === undefined) return [`${arrow}: not in a room`];
    return lower < upper ? [] : [`${arrow}: floor ${upper} must not know floor ${lower}`];
  });
}

/** The folders on a cycle, or nothing, even where no file is on one. */
function findFolderCycle(edges: readonly Edge[]): string[] {
  return findCycle(
    edges
      .map(({ from, to }) => ({ from: folderOf(from), to: folderOf(to) }))
      .filter(({ from, to }) => from !== to),
  );
}

describe('layers', () => {
  it('should see the modules and the edges between them', () => {
    expect(library.length, 'modules').to.be.greaterThan(25);
    expect(edges.length, 'edges').to.be.greaterThan(library.length);
    // Counted a second time without the parser, so that a parser that sees nothing cannot pass.
    const lines = library.flatMap(
      ({ text }) => text.match(/^(?:import|export|\}) ?.*from ['"]\.\.?\/.*['"];$/gm) ?? [],
    );
    expect(edges).to.have.length(lines.length);
    expect(new Set(library.map(({ path }) => placeOf(path)))).to.include.keys(
      'memory',
      'store',
      'instruments',
      'otel',
      'argo',
    );
  });

  it('should import only files that exist', () => {
    expect(
      edges.filter(({ to }) => !existsSync(join(ROOT, to)) && !/\/(kernel-binary|page-files)\.ts$/.test(to)),
    ).to.deep.equal([]);
  });

  it('should point downwards, from layer to layer and from room to room, type imports included', () => {
    expect(layerViolations(edges)).to.deep.equal([]);
  });

  it('should have no cycle between files, type imports included', () => {
    expect(findCycle(edges)).to.deep.equal([]);
  });

  it('should have no cycle between folders, type imports included', () => {
    expect(findFolderCycle(edges)).to.deep.equal([]);
  });

  it('should have each file in a room where there are rooms', () => {
    const roomless = library.filter(({ path }) =>
      placesOf(path).some(place => floorOf(path, place) === undefined),
    );
    expect(roomless.map(({ path }) => path)).to.deep.equal([]);
  });

  it('should name no layer and no room that there is not', () => {
    const places = new Set(library.map(({ path }) => placeOf(path)));
    expect(Object.keys(RANKS).filter(place => !places.has(place))).to.deep.equal([]);
    const rooms = new Set(
      library.flatMap(({ path }) => placesOf(path).map(place => `${place}/${roomOf(path, place)}`)),
    );
    const named = Object.entries(FLOORS).flatMap(([place, floors]) =>
      floors.flat().map(room => `${place}/${room}`),
    );
    expect(named.filter(room => !rooms.has(room))).to.deep.equal([]);
  });

  describe('checked on wrong ones', () => {
    const edge = (from: string, to: string): Edge => ({ from: `lib/${from}`, to: `lib/${to}` });

    it('should notice an edge upwards, an edge between siblings, an unknown place and a cycle', () => {
      expect(layerViolations([edge('memory/a.ts', 'store/b.ts')])).to.have.length(1);
      expect(
        layerViolations([edge('otel/a.ts', 'argo/b.ts'), edge('argo/b.ts', 'otel/a.ts')]),
      ).to.have.length(2);
      expect(layerViolations([edge('memory/a.ts', 'guard/b.ts')])).to.have.length(1);
      expect(
        layerViolations([edge('store/a.ts', 'misc/b.ts'), { from: 'lib/cli/a.ts', to: 'test/b.ts' }]),
      ).to.have.length(2);
      expect(layerViolations([edge('instruments/a.ts', 'memory/b.ts')])).to.deep.equal([]);
      expect(findCycle([edge('a.ts', 'b.ts'), edge('b.ts', 'c.ts'), edge('c.ts', 'b.ts')])).to.deep.equal([
        'lib/b.ts',
        'lib/c.ts',
        'lib/b.ts',
      ]);
      const typed = parseSource(
        'lib/store/a.ts',
        `import type { B } from './b.js';\nlet c: import('./c.js').C;`,
      );
      expect(edgesOf([typed]).map(({ to }) => to)).to.deep.equal(['lib/store/b.ts', 'lib/store/c.ts']);
    });

    it('should notice an edge to a higher floor, one between rooms of a floor, and a file in no room', () => {
      const go = edge('argo/expression/a.ts', 'argo/go/b.ts');
      const back = edge('argo/go/b.ts', 'argo/expression/a.ts');
      expect(layerViolations([go, edge('argo/go/b.ts', 'argo/go/c.ts')])).to.deep.equal([]);
      expect(layerViolations([go, back])).to.deep.equal([
        'lib/argo/go/b.ts -> lib/argo/expression/a.ts: floor 1 must not know floor 3',
      ]);
      expect(layerViolations([edge('argo/lint/a.ts', 'argo/observe/b.ts')])).to.have.length(1);
      expect(layerViolations([edge('argo/a.ts', 'argo/go/b.ts')])).to.have.length(1);
      expect(layerViolations([edge('store/a.ts', 'store/collect/b.ts')])).to.deep.equal([]);
      expect(layerViolations([edge('store/record/a.ts', 'store/b.ts')])).to.have.length(1);
      expect(layerViolations([edge('argo/go/b.ts', 'argo/misc/a.ts')])).to.have.length(1);
      expect(layerViolations([edge('argo/go/json/a.ts', 'argo/go/text/b.ts')])).to.deep.equal([]);
      expect(layerViolations([edge('argo/go/text/b.ts', 'argo/go/json/a.ts')])).to.have.length(1);
      expect(layerViolations([edge('argo/go/url/b.ts', 'argo/go/time/a.ts')])).to.have.length(1);
      expect(layerViolations([edge('argo/go/b.ts', 'argo/go/time/a.ts')])).to.have.length(1);
    });

    it('should notice an edge back that is added to the real ones', () => {
      const back = edge('argo/go/text/go-text.ts', 'argo/expression/expression.ts');
      const added = layerViolations([...edges, back]).filter(
        found => !layerViolations(edges).includes(found),
      );
      expect(added).to.have.length(1);
      expect(findFolderCycle([...edges, back])).to.include.members([
        'lib/argo/go/text',
        'lib/argo/expression',
      ]);
    });

    it('should notice folders that import each other although no file does', () => {
      const there = edge('memory/a.ts', 'memory/kernel/b.ts');
      const back = edge('memory/kernel/c.ts', 'memory/d.ts');
      expect(findCycle([there, back])).to.deep.equal([]);
      expect(findFolderCycle([there, back])).to.deep.equal(['lib/memory', 'lib/memory/kernel', 'lib/memory']);
      expect(findFolderCycle([there, edge('memory/kernel/c.ts', 'errors.ts')])).to.deep.equal([]);
    });
  });
});

describe('lib/README.md', () => {
  const map = readText('lib/README.md');

  it('should draw the rooms on the floors where they stand', () => {
    for (const [place, floors] of Object.entries(FLOORS)) {
      const [, table = ''] = map.split(`\n| room of \`${place}/\` | floor |`);
      const rows = [...(table.split('\n\n')[0] ?? '').matchAll(/^\| (`.+) \| (\d+) \|/gm)];
      const drawn = rows.flatMap(([, rooms = '', floor]) =>
        [...rooms.matchAll(/`([\w-]+)\/`/g)].map(([, room]) => `${room} ${floor}`),
      );
      expect(drawn.sort()).to.deep.equal(
        floors.flatMap((rooms, floor) => rooms.map(room => `${room} ${floor}`)).sort(),
      );
    }
  });

  it('should name only files and folders that there are', () => {
    const paths = [...map.matchAll(/`((?:[\w.-]+\/)+[\w.-]*)`/g)].map(([, path = '']) => path);
    // Rooms are named without their place; what is in dist/ is there once it is built.
    const known = new Set(Object.values(FLOORS).flatMap(floors => floors.flat().map(name => `${name}/`)));
    expect(
      paths.filter(
        path => !known.has(path) && ![path, `lib/${path}`].some(found => existsSync(join(ROOT, found))),
      ),
    ).to.deep.equal([]);
  });

  it('should name every file that knows of histograms where it says how an aggregation is added', () => {
    const [recipe = ''] = map.split('## To add a kind of aggregation')[1]?.split('\n## ') ?? [];
    const knowing = library.filter(source =>
      [...identifiersOf(source), ...stringWordsOf(source)].some(word => /histogram/i.test(word)),
    );
    expect(knowing.length).to.be.greaterThan(20);
    const missing = knowing.filter(({ path }) => !recipe.includes(`\`${path.slice('lib/'.length)}\``));
    expect(missing.map(({ path }) => path)).to.deep.equal([]);
  });
});
