// What is known of the place where metrics stand: the specification around them, and the templates whose nodes they tell
// about.
import { isRecord, listAt, recordAt, textAt } from '../../guard/json-value.js';
import type { MetricsBlock } from '../manifest/metrics-blocks.js';

type Json = Readonly<Record<string, unknown>>;

/** What a template runs. */
export type TemplateKind = (typeof KINDS)[number];

const KINDS = [
  'container',
  'containerSet',
  'script',
  'resource',
  'data',
  'steps',
  'dag',
  'http',
  'suspend',
  'plugin',
] as const;

const POD_KINDS: ReadonlySet<string> = new Set(['container', 'containerSet', 'script', 'resource', 'data']);

const SCHEDULED_TIME = 'workflows.argoproj.io/scheduled-time';

/** A template whose nodes a metric tells about. */
export interface ScopeTemplate {
  readonly json: Json;
  /** `undefined`: the template does not say. */
  readonly kind: TemplateKind | undefined;
  /** Whether its nodes are tried again, by itself or by what holds for all templates. */
  readonly isRetried: boolean;
}

/** The place of one `metrics` object. */
export class BlockScope {
  readonly level: MetricsBlock['level'];
  readonly spec: Json;
  readonly metadata: Json;
  /** Nothing but options of a submission can add to what the document says. */
  readonly isWholeWorkflow: boolean;
  /** Whether a cron workflow makes the workflow at a time that it then tells. */
  readonly isScheduled: boolean;
  /** The templates around one that a step or a task has inline. */
  readonly around: readonly ScopeTemplate[];
  /** The step or task whose items are filled into the inline template before it runs. */
  readonly loop: Json | undefined;
  /** The metrics are those of `templateDefaults`: of all templates without their own, also of those from elsewhere. */
  readonly isDefault: boolean;
  /** Of the workflow level the template of the entry node. `undefined`: not in the document. */
  readonly templates: readonly ScopeTemplate[] | undefined;

  constructor(block: MetricsBlock) {
    const { level, object, spec = {}, around = [] } = block;
    this.level = level;
    this.spec = spec;
    this.metadata = recordAt(object, 'metadata');
    this.around = around.map(json => scopeTemplate(json, spec));
    this.loop = block.loop;
    this.isDefault = isDefault(block);
    const kind = textAt(object, 'kind');
    this.isWholeWorkflow =
      (kind === 'Workflow' || kind === 'CronWorkflow') && !isRecord(spec['workflowTemplateRef']);
    this.isScheduled =
      kind === 'CronWorkflow' || textAt(recordAt(this.metadata, 'annotations'), SCHEDULED_TIME) !== '';
    this.templates = templatesOf(block, spec)?.map(json => scopeTemplate(json, spec));
  }

  /** The templates of the specification by name. */
  templateNamed(name: string): Json | undefined {
    return templateIn(this.spec, name);
  }

  /** Whether there are such templates, and all of them are of one of these kinds. */
  hasOnly(kinds: readonly TemplateKind[]): boolean {
    return this.#every(({ kind }) => kind !== undefined && kinds.includes(kind));
  }

  /** Whether one of the templates runs in a pod. */
  get hasPods(): boolean {
    return this.templates?.some(({ kind }) => kind !== undefined && POD_KINDS.has(kind)) ?? false;
  }

  /** Whether it is known that no template runs in a pod. */
  get hasNoPods(): boolean {
    return this.#every(({ kind }) => kind !== undefined && !POD_KINDS.has(kind));
  }

  get isNeverRetried(): boolean {
    return this.#every(({ isRetried }) => !isRetried);
  }

  /** Names of the parameters that the templates declare; `undefined` when that is not known. */
  parameters(kind: 'inputs' | 'outputs'): readonly string[] | undefined {
    // A plugin gives outputs that no template declares.
    const isOpen = kind === 'outputs' && this.templates?.some(template => template.kind === 'plugin');
    if (!this.templates || this.templates.length === 0 || isOpen === true) return undefined;
    // Inputs of the templates around are filled into an inline one.
    const around = kind === 'inputs' ? this.around : [];
    return [...this.templates, ...around].flatMap(({ json }) =>
      [json, recordAt(this.spec, 'templateDefaults')].flatMap(holder => parametersOf(holder, kind)),
    );
  }

  #every(test: (template: ScopeTemplate) => boolean): boolean {
    return this.templates !== undefined && this.templates.length > 0 && this.templates.every(test);
  }
}

/** Names of the parameters that a template declares. */
export function parametersOf(template: Json, kind: 'inputs' | 'outputs'): readonly string[] {
  return listAt(recordAt(template, kind), 'parameters').map(parameter => textAt(parameter, 'name'));
}

function isDefault({ level, template, spec }: MetricsBlock): boolean {
  return level === 'template' && template === undefined && spec !== undefined;
}

function templatesOf(block: MetricsBlock, spec: Json): readonly Json[] | undefined {
  const { level, template } = block;
  if (template) return [template];
  if (isDefault(block))
    return listAt(spec, 'templates').filter(
      (each): each is Json => isRecord(each) && !isRecord(each['metrics']),
    );
  const entry = level === 'workflow' ? templateIn(spec, textAt(spec, 'entrypoint')) : undefined;
  return entry && [entry];
}

function templateIn(spec: Json, name: string): Json | undefined {
  if (name === '') return undefined;
  return listAt(spec, 'templates').find(
    (template): template is Json => isRecord(template) && template['name'] === name,
  );
}

function scopeTemplate(json: Json, spec: Json): ScopeTemplate {
  const isRetried = [json, recordAt(spec, 'templateDefaults'), spec].some(holder =>
    isRecord(holder['retryStrategy']),
  );
  const kind = KINDS.find(each => json[each] !== undefined && json[each] !== null);
  return { json, kind, isRetried };
}
