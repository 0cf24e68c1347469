import { expect } from 'chai';
import { recordedEvents } from '../../lib/cli/recorded-events.js';
import { END, finished, START, workflowOf } from '../argo/workflow-fixture.js';

async function eventsOf(text: string): Promise<string[]> {
  async function* source(): AsyncGenerator<Uint8Array> {
    yield Buffer.from(text);
  }
  const events: string[] = [];
  for await (const recorded of recordedEvents(source()))
    if ('unreadable' in recorded) events.push(`${recorded.line}: ${recorded.unreadable}`);
    else {
      const { type, object } = recorded.event;
      events.push(`${recorded.line}: ${type} ${(object as { metadata: { name: string } }).metadata.name}`);
    }
  return events;
}

const workflow = (name: string, finishedAt: string): object =>
  workflowOf({ uid: name, metadata: { name }, nodes: [finished('n', { finishedAt })] });

describe('recordedEvents', () => {
  const [late, early] = [workflow('late', END), workflow('early', START)];

  it('should put the workflows of a list in the order of their times, also of one that breaks off', async () => {
    const text = `{"items": [\n${JSON.stringify(late)},\n${JSON.stringify(early)}`;
    expect(await eventsOf(`${text}]}`)).to.deep.equal(['3: ADDED early', '2: ADDED late']);
    expect(await eventsOf(text)).to.deep.equal([
      '3: not JSON: it breaks off',
      '3: ADDED early',
      '2: ADDED late',
    ]);
  });

  it('should leave events and single workflows in their order', async () => {
    const event = (type: string, object: object): string => JSON.stringify({ type, object });
    const events = [event('ADDED', late), event('DELETED', early), event('BOOKMARK', {})];
    expect(await eventsOf(events.join('\n'))).to.deep.equal(['1: ADDED late', '2: DELETED early']);
    expect(await eventsOf(`[${events.join()}]`)).to.deep.equal(['1: ADDED late', '1: DELETED early']);
    expect(await eventsOf(`${JSON.stringify(late)}\n${JSON.stringify(early)}`)).to.deep.equal([
      '1: ADDED late',
      '2: ADDED early',
    ]);
  });

  it('should say what it is not', async () => {
    expect(await eventsOf('{"kind":"Pod"}\n[5]')).to.deep.equal([
      '1: "kind" is "Pod", expected a Workflow, or an event ADDED, MODIFIED or DELETED',
      '2: neither a watch event nor a workflow, which are objects',
    ]);
  });
});
