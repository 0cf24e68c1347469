// Goal: what a verdict calls bounded is bounded, in whole manifests. Method: manifests in which templates pass to each other
// what labels are made of are linted, and a small runner, which shares nothing with the flow but the rendering of texts, makes
// many workflows of each and counts the values that the label comes to.
import { expect } from 'chai';
import fc from 'fast-check';
import { Budget } from '../../../lib/argo/budget/budget.js';
import { ManifestLinter } from '../../../lib/argo/lint/manifest-linter.js';
import { parseTemplate, Rendering } from '../../../lib/argo/template/template.js';

type Variables = Readonly<Record<string, string>>;

/** What a step passes, and how often it runs. */
interface Call {
  readonly template: 'mid' | 'op';
  readonly passed: Readonly<Record<string, string | undefined>>;
  readonly loop: Loop;
}

type Loop =
  | { readonly kind: 'none' }
  | { readonly kind: 'items' | 'param'; readonly items: readonly string[] }
  | { readonly kind: 'maps'; readonly items: readonly string[] }
  | { readonly kind: 'sequence'; readonly start: number; readonly end: number };

interface Manifest {
  readonly main: readonly Call[];
  readonly mid: readonly Call[];
  /** Whether `mid` holds tasks. */
  readonly isDag: boolean;
  readonly isScheduled: boolean;
  readonly preset: string | undefined;
  readonly isListed: boolean;
  readonly label: string;
}

const WORKFLOWS = 24;
const LISTED = ['a', 'b', '-3'];
const RESULTS = ['', 'a', 'b', '-7', '12', '["a","b"]', 'x y'];

/** What workflows differ in, whatever their manifest is. */
function workflowVariables(index: number): Variables {
  return {
    'workflow.name': `w-${index}`,
    'workflow.parameters.n': String(index - WORKFLOWS / 2),
    'workflow.parameters.kind': index % 3 === 0 ? 'a' : `k${index}`,
    'workflow.parameters.size': index % 2 === 0 ? 'small' : 'large',
  };
}

const resultOf = (index: number): string =>
  index % 2 === 0 ? (RESULTS[(index / 2) % RESULTS.length] ?? '') : String(index * 3 - 30);

/** What only the nodes of a template with the metric have. */
function nodeVariables(index: number): Variables {
  return {
    status: ['Succeeded', 'Failed', 'Error'][index % 3] ?? '',
    duration: (index * 13.7).toFixed(6),
    retries: String(index % 7),
  };
}

/** Of the manifest at hand; its texts are rendered many times. */
const parsedTexts = new Map<string, ReturnType<typeof parseTemplate>>();

function render(text: string, variables: Variables): string | undefined {
  const parsed = parsedTexts.get(text) ?? parseTemplate(text);
  parsedTexts.set(text, parsed);
  if ('error' in parsed) return undefined;
  const rendered = new Rendering(variables, new Budget({ now: () => 0 })).render(parsed.template);
  return 'value' in rendered ? rendered.value : undefined;
}

/** Runs one workflow; a call whose texts come to nothing runs nothing, and neither do those after it. */
class Run {
  readonly labels: string[] = [];
  readonly #manifest: Manifest;
  readonly #index: number;
  readonly #workflow: Variables;

  constructor(manifest: Manifest, index: number) {
    this.#manifest = manifest;
    this.#index = index;
    this.#workflow = workflowVariables(index);
  }

  main(): void {
    this.#calls(this.#manifest.main, { 'steps.clock.outputs.result': resultOf(this.#index) });
  }

  #calls(calls: readonly Call[], around: Variables): void {
    for (const call of calls)
      for (const item of itemsOf(call.loop, { ...this.#workflow, ...around })) {
        const inputs = this.#inputs(call, { ...this.#workflow, ...around, ...item });
        if (!inputs) return;
        if (call.template === 'op') this.#emit(inputs);
        else this.#calls(this.#manifest.mid, { ...inputs, ...this.#resultsOfMid() });
      }
  }

  #resultsOfMid(): Variables {
    const group = this.#manifest.isDag ? 'tasks' : 'steps';
    return { [`${group}.clock.outputs.result`]: resultOf(this.#index + 5) };
  }

  #inputs(call: Call, variables: Variables): Variables | undefined {
    const inputs: Record<string, string> = {};
    for (const name of call.template === 'op' ? ['p', 'q'] : ['r']) {
      const text = call.passed[name];
      const value = text === undefined ? this.#preset(name) : render(text, variables);
      if (value === undefined) return undefined;
      inputs[`inputs.parameters.${name}`] = value;
    }
    if (this.#manifest.isListed && call.template === 'op')
      inputs['inputs.parameters.q'] = LISTED[this.#index % LISTED.length] ?? '';
    return inputs;
  }

  #preset(name: string): string | undefined {
    return name === 'p' ? this.#manifest.preset : undefined;
  }

  #emit(inputs: Variables): void {
    const variables = { ...this.#workflow, ...inputs, ...nodeVariables(this.#index + this.labels.length) };
    const label = render(this.#manifest.label, variables);
    if (label !== undefined) this.labels.push(label);
  }
}

function itemsOf(loop: Loop, variables: Variables): readonly Variables[] {
  switch (loop.kind) {
    case 'none':
      return [{}];
    case 'items':
      return loop.items.flatMap(item => {
        const value = render(item, variables);
        return value === undefined ? [] : [{ item: value }];
      });
    case 'param':
      return loop.items.map(item => ({ item }));
    case 'maps':
      return loop.items.map(item => ({ 'item.k': item, 'item.other': `${item}${item}` }));
    case 'sequence': {
      const [low, high] = [Math.min(loop.start, loop.end), Math.max(loop.start, loop.end)];
      return Array.from({ length: high - low + 1 }, (_, at) => ({ item: String(low + at) }));
    }
  }
}

function jsonOf(manifest: Manifest): object {
  const { isDag, isScheduled, isListed, preset, label } = manifest;
  const metric = { name: 'm', help: 'M', labels: [{ key: 'k', value: label }], counter: { value: '1' } };
  const step = (call: Call, at: number): object => ({
    ...{ name: `s${at}`, template: call.template, ...loopJson(call.loop) },
    arguments: {
      parameters: Object.entries(call.passed).flatMap(([name, value]) =>
        value === undefined ? [] : [{ name, value }],
      ),
    },
  });
  const clock = { name: 'clock', template: 'clock' };
  const templates = [
    { name: 'main', steps: [[clock], ...manifest.main.map((call, at) => [step(call, at)])] },
    {
      ...{ name: 'mid', inputs: { parameters: [{ name: 'r' }] } },
      ...(isDag
        ? { dag: { tasks: [clock, ...manifest.mid.map(step)] } }
        : { steps: [[clock], manifest.mid.map(step)] }),
    },
    { name: 'clock', script: { image: 'x', source: 'date' } },
    {
      name: 'op',
      inputs: {
        parameters: [
          { name: 'p', ...(preset !== undefined && { default: preset }) },
          { name: 'q', ...(isListed && { enum: LISTED }) },
        ],
      },
      metrics: { prometheus: [metric] },
      container: { image: 'x' },
    },
  ];
  const parameters = [{ name: 'n' }, { name: 'kind' }, { name: 'size', enum: ['small', 'large'] }];
  const spec = { entrypoint: 'main', arguments: { parameters }, templates };
  return isScheduled
    ? {
        ...{ apiVersion: 'argoproj.io/v1alpha1', kind: 'CronWorkflow', metadata: { name: 'w' } },
        spec: { schedules: ['0 3 * * *'], workflowSpec: spec },
      }
    : { apiVersion: 'argoproj.io/v1alpha1', kind: 'Workflow', metadata: { generateName: 'w-' }, spec };
}

function loopJson(loop: Loop): object {
  switch (loop.kind) {
    case 'none':
      return {};
    case 'items':
      return { withItems: loop.items };
    case 'param':
      return { withParam: JSON.stringify(loop.items) };
    case 'maps':
      return { withItems: loop.items.map(k => ({ k, other: `${k}${k}` })) };
    case 'sequence':
      return { withSequence: { start: String(loop.start), end: String(loop.end) } };
  }
}

const WORDS = ['a', 'b', '-3', '7', 'x y'];

/** Texts that are made of these names, and where a name is tested it often is the one that is shown. */
function textOf(names: readonly string[]): fc.Arbitrary<string> {
  const name = fc.constantFrom(...names);
  const word = fc.constantFrom("'a'", "'b'", "'Failed'", "'small'", "'-3'");
  const asked: fc.Arbitrary<string> = fc.oneof(
    fc.tuple(name, fc.constantFrom('==', '!='), word).map(parts => parts.join(' ')),
    fc
      .tuple(name, fc.constantFrom('in', 'not in'), word, word)
      .map(([a, op, b, c]) => `${a} ${op} [${b}, ${c}]`),
    fc.tuple(name, fc.constantFrom('startsWith', 'matches'), word).map(parts => parts.join(' ')),
  );
  const test = fc.oneof(
    { arbitrary: asked, weight: 2 },
    {
      arbitrary: fc.tuple(asked, fc.constantFrom('or', 'and', '||'), asked).map(parts => parts.join(' ')),
      weight: 3,
    },
    { arbitrary: asked.map(each => `not (${each})`), weight: 1 },
  );
  const shown = fc.oneof({ arbitrary: name, weight: 3 }, { arbitrary: word, weight: 1 });
  const expression = fc.oneof(
    // The same name on both sides of a test, so that what a test leaves of it is seen.
    fc
      .tuple(name, word, fc.constantFrom('or', 'and'), asked, fc.boolean())
      .map(([a, b, op, other, isYes]) =>
        isYes ? `${a} == ${b} ${op} ${other} ? ${a} : 'c'` : `${a} != ${b} ${op} ${other} ? 'c' : ${a}`,
      ),
    fc.tuple(test, shown, shown).map(([a, b, c]) => `${a} ? ${b} : ${c}`),
    fc.tuple(name, fc.integer({ min: 2, max: 5 })).map(([a, b]) => `asInt(${a}) % ${b}`),
    fc.tuple(name, fc.integer({ min: 2, max: 5 })).map(([a, b]) => `len(${a}) % ${b}`),
    fc.tuple(name, fc.integer({ min: 0, max: 3 })).map(([a, b]) => `min(asInt(${a}), ${b})`),
    fc.tuple(name, shown).map(([a, b]) => `{'a': ${b}, 'b': 'y'}[${a}] ?? 'z'`),
    fc.tuple(name, shown).map(([a, b]) => `let v = ${a}; v == 'a' ? v : ${b}`),
    fc.tuple(name, word).map(([a, b]) => `sprig.default(${b}, ${a})`),
    fc.tuple(test, shown, shown).map(([a, b, c]) => `sprig.ternary(${b}, ${c}, ${a})`),
    fc.tuple(shown, shown).map(([a, b]) => `${a} + '/' + ${b}`),
    name.map(a => `trimPrefix(${a}, 'a')`),
  );
  return fc.oneof(
    fc.constantFrom(...WORDS),
    { arbitrary: name.map(each => `{{${each}}}`), weight: 4 },
    fc.tuple(name, name).map(([a, b]) => `{{${a}}}-{{${b}}}`),
    { arbitrary: expression.map(each => `{{=${each}}}`), weight: 4 },
  );
}

const OF_WORKFLOW = Object.keys(workflowVariables(0));
const loop: fc.Arbitrary<Loop> = fc.oneof(
  { arbitrary: fc.constant<Loop>({ kind: 'none' }), weight: 2 },
  fc.record({
    kind: fc.constantFrom('items' as const, 'param' as const, 'maps' as const),
    items: fc.array(fc.constantFrom(...WORDS), { minLength: 1, maxLength: 3 }),
  }),
  fc.record({
    kind: fc.constant('items' as const),
    items: fc.array(
      fc.constantFrom('a', '{{workflow.parameters.size}}', '{{=asInt(workflow.parameters.n) % 2}}'),
      {
        minLength: 1,
        maxLength: 2,
      },
    ),
  }),
  fc.record({
    kind: fc.constant('sequence' as const),
    start: fc.integer({ min: -2, max: 2 }),
    end: fc.integer({ min: -2, max: 2 }),
  }),
);

function call(template: 'mid' | 'op', names: readonly string[]): fc.Arbitrary<Call> {
  return loop.chain(each => {
    const ofItem = {
      none: [],
      maps: ['item.k', 'item.other'],
      items: ['item'],
      param: ['item'],
      sequence: ['item'],
    };
    const text = textOf([...names, ...ofItem[each.kind]]);
    const passed =
      template === 'mid'
        ? fc.record({ r: text })
        : fc.record({ p: fc.option(text, { nil: undefined, freq: 5 }), q: text });
    return passed.map(given => ({ template, loop: each, passed: given }));
  });
}

const manifests: fc.Arbitrary<Manifest> = fc.boolean().chain(isDag => {
  const ofMain = [...OF_WORKFLOW, 'steps.clock.outputs.result'];
  const ofMid = [
    ...OF_WORKFLOW,
    `${isDag ? 'tasks' : 'steps'}.clock.outputs.result`,
    ...Array<string>(3).fill('inputs.parameters.r'),
  ];
  const inputs = Array<string[]>(3).fill(['inputs.parameters.p', 'inputs.parameters.q']).flat();
  return fc.record<Manifest>({
    main: fc.oneof(
      fc.array(call('mid', ofMain), { minLength: 1, maxLength: 2 }),
      fc.tuple(call('mid', ofMain), call('op', ofMain)),
      fc.tuple(call('op', ofMain)),
    ),
    mid: fc.array(call('op', ofMid), { minLength: 1, maxLength: 2 }),
    isDag: fc.constant(isDag),
    isScheduled: fc.boolean(),
    preset: fc.option(fc.constantFrom('a', '7'), { nil: undefined }),
    isListed: fc.boolean(),
    label: textOf([...Object.keys(nodeVariables(0)), 'workflow.name', 'workflow.parameters.n', ...inputs]),
  });
});

const RUNS = Number(process.env['GENERATED_INPUTS'] ?? 1000);

describe('verdicts of whole manifests', () => {
  it('should call nothing bounded that takes more values', () => {
    let boundedCount = 0;
    const counts = { bounded: 0, growing: 0, unknown: 0 };
    fc.assert(
      fc.property(manifests, manifest => {
        const text = JSON.stringify(jsonOf(manifest));
        const [verdict] = new ManifestLinter({ withVerdicts: true }).lint('f.yaml', text).verdicts;
        // An expression that cannot have a value is no label.
        if (!verdict) return;
        counts[verdict.verdict]++;
        if (verdict.verdict !== 'bounded') return;
        parsedTexts.clear();
        const values = new Set<string>();
        for (let index = 0; index < WORKFLOWS; index++) {
          const run = new Run(manifest, index);
          run.main();
          for (const label of run.labels) values.add(label);
        }
        if (values.size > 1 && verdict.chain.some(name => name.startsWith('inputs.'))) boundedCount++;
        const said = `${manifest.label}: ${[...values].slice(0, 9).join(' | ')}: ${verdict.message}`;
        expect(values.size, said).to.be.at.most(verdict.valueCount ?? 0);
      }),
      { numRuns: RUNS },
    );
    // Else it would be a test of nothing.
    expect(boundedCount).to.be.at.least(RUNS / 100);
  });
});
